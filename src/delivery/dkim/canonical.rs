//! The "relaxed" forms in which heads and bodies are signed (RFC 6376, 3.4): what servers on the way may change is no part of
//! them.

/// The headers of a head, with their values as they stand, folded lines and all.
pub(super) fn headers(head: &str) -> Vec<(&str, &str)> {
    let mut starts: Vec<usize> = Vec::new();
    let mut at = 0;
    for line in head.split("\r\n") {
        if !line.starts_with([' ', '\t']) {
            starts.push(at);
        }
        at += line.len() + "\r\n".len();
    }
    let ends = starts.iter().skip(1).map(|start| start - "\r\n".len());
    let ends = ends.chain([head.len()]);
    let whole = starts.iter().zip(ends);
    whole
        .filter_map(|(start, end)| head[*start..end].split_once(':'))
        .collect()
}

/// A header: its name in lower case, its value on one line with single spaces.
pub(super) fn header(name: &str, value: &str) -> String {
    let words: Vec<&str> = value
        .split([' ', '\t', '\r', '\n'])
        .filter(|word| !word.is_empty())
        .collect();
    format!("{}:{}", name.to_lowercase(), words.join(" "))
}

/// A body: single spaces inside lines, none at their ends, no empty lines at the end.
pub(super) fn body(content: &str) -> String {
    let lines = content.split("\r\n").map(line);
    let mut text = lines.collect::<Vec<_>>().join("\r\n");
    while text.ends_with("\r\n") {
        text.truncate(text.len() - "\r\n".len());
    }
    if !text.is_empty() {
        text += "\r\n";
    }
    text
}

fn line(line: &str) -> String {
    let mut tidy = String::with_capacity(line.len());
    for symbol in line.trim_end_matches([' ', '\t']).chars() {
        match symbol {
            ' ' | '\t' if tidy.ends_with(' ') => {}
            ' ' | '\t' => tidy.push(' '),
            _ => tidy.push(symbol),
        }
    }
    tidy
}

#[cfg(test)]
mod tests {
    use super::*;

    // The example of RFC 6376, 3.4.5.
    #[test]
    fn the_example_of_the_standard_has_its_canonical_form() {
        let head = "A: X\r\nB : Y\t\r\n\tZ  ";
        let found = headers(head);
        assert_eq!(found, [("A", " X"), ("B ", " Y\t\r\n\tZ  ")]);
        assert_eq!(header("A", found[0].1), "a:X");
        assert_eq!(header("B", found[1].1), "b:Y Z");
        assert_eq!(body(" C \r\nD \t E\r\n\r\n\r\n"), " C\r\nD E\r\n");
    }

    #[test]
    fn an_empty_body_stays_empty() {
        assert_eq!(body(""), "");
        assert_eq!(body("\r\n\r\n"), "");
    }
}
