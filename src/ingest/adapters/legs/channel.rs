//! Names of channels: whose telephone, trunk or pair is behind `PJSIP/anna-front-0000001`.

/// What a channel's name says: `<technology>/<endpoint>-<number of the channel>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Channel<'a> {
    /// `SIP`, `PJSIP`, `Local`, `DAHDI` …
    pub(super) technology: &'a str,
    /// `anna-front`; of a `Local/` channel the number and its context: `201@from-queue`.
    pub(super) endpoint: &'a str,
}

impl<'a> Channel<'a> {
    /// Endpoints may hold hyphens: only the part behind the last one is the channel's number.
    pub(super) fn parse(name: &'a str) -> Option<Self> {
        let (technology, rest) = name.split_once('/')?;
        let endpoint = rest.rsplit_once('-').map_or(rest, |(endpoint, _)| endpoint);
        Some(Self {
            technology,
            endpoint,
        })
    }

    /// Half of a pair that leads back into the dial plan: nobody's telephone by itself.
    pub(super) fn is_local(self) -> bool {
        self.technology == "Local"
    }

    /// The extension or number in it, without the host or context behind `@` and without what FreePBX writes before the
    /// number (`Local/FMPR-201@…`).
    pub(super) fn number(self) -> &'a str {
        let user = self.endpoint.split('@').next().unwrap_or("");
        let last = user.rsplit('-').next().unwrap_or(user);
        let is_number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
        if self.is_local() && is_number {
            last
        } else {
            user
        }
    }
}

/// What both halves of a `Local/` pair (`…;1` and `…;2`) are called; none for other channels.
pub(super) fn pair(channel: &str) -> Option<&str> {
    let is_local = channel.starts_with("Local/");
    let (name, _) = channel.rsplit_once(';')?;
    is_local.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_channel_stands_behind_its_last_hyphen() {
        let endpoints = [
            ("PJSIP/anna-front-00000001", "anna-front"),
            ("SIP/204-0000a1", "204"),
            ("SIP/ivan.petrov", "ivan.petrov"),
            ("DAHDI/i1/79001234567-2a", "i1/79001234567"),
        ];
        for (channel, endpoint) in endpoints {
            let found = Channel::parse(channel).map(|channel| channel.endpoint);
            assert_eq!(found, Some(endpoint), "{channel}");
        }
        assert_eq!(Channel::parse(""), None);
    }

    #[test]
    fn both_halves_of_a_pair_have_one_name_and_a_number() {
        let (one, two) = (
            "Local/201@from-queue-00000007;1",
            "Local/201@from-queue-00000007;2",
        );
        assert_eq!(pair(one), pair(two));
        assert_eq!(pair("SIP/201-00000007"), None);
        let number = |name| Channel::parse(name).map(Channel::number);
        assert_eq!(number(one), Some("201"));
        assert_eq!(
            number("Local/FMPR-79115550000@from-internal-01;1"),
            Some("79115550000")
        );
        assert_eq!(
            number("Local/anna-front@from-queue-01;1"),
            Some("anna-front")
        );
        assert_eq!(number("SIP/201@10.0.0.7-0000a1"), Some("201"));
    }
}
