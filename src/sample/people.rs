//! Invented customers: a serial number gives a phone, a name and perhaps an e-mail, always the same.

/// A person who got in touch, known by a serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Customer(pub u64);

/// Phone in forms that staff and suppliers use to test the site's forms; not a customer's.
pub const STAFF_PHONE: &str = "+7 (900) 000-00-02";
/// Phone of the one form spammer.
pub const SPAM_PHONE: &str = "+7 (900) 000-00-01";
/// The first number of a customer: the thousand before it are kept for tests.
const FIRST_NUMBER: u64 = 9_000_001_000;
/// How many numbers there are from it up to 909 999-99-99.
const NUMBERS: u64 = 99_999_000;
/// Numbers that robots call from.
pub const ROBOTS: [&str; 3] = ["74950000101", "74950000202", "78000000303"];

/// First names, those of women first.
const FIRST: [&str; 16] = [
    "Анна",
    "Мария",
    "Елена",
    "Ольга",
    "Наталья",
    "Татьяна",
    "Юлия",
    "Светлана",
    "Иван",
    "Сергей",
    "Андрей",
    "Алексей",
    "Дмитрий",
    "Николай",
    "Михаил",
    "Владимир",
];
/// How many of [`FIRST`] are women's.
const WOMEN: usize = 8;
const LAST: [&str; 20] = [
    "Берегов",
    "Валунов",
    "Гранитов",
    "Деревнин",
    "Ельников",
    "Заливин",
    "Камышов",
    "Ладогин",
    "Мостов",
    "Норкин",
    "Озеров",
    "Парусов",
    "Речкин",
    "Соснин",
    "Тропинин",
    "Утёсов",
    "Фиордов",
    "Хвоин",
    "Шхерин",
    "Ягодин",
];

impl Customer {
    /// The ten digits of the mobile number after the country's 7, always beginning with 90.
    pub fn digits(self) -> u64 {
        // A multiplier without common factors visits every number once.
        FIRST_NUMBER + (self.0 * 7_368_787 + 1_234_567) % NUMBERS
    }

    /// The phone as one of the ways that systems write it: 0 `8900…`, 1 `7900…`, 2 `+7900…`, 3 and 4 as typed by people.
    pub fn phone(self, way: u64) -> String {
        let digits = self.digits().to_string();
        let (code, a, b, c) = (&digits[..3], &digits[3..6], &digits[6..8], &digits[8..]);
        match way {
            0 => format!("8{digits}"),
            1 => format!("7{digits}"),
            2 => format!("+7{digits}"),
            3 => format!("+7 ({code}) {a}-{b}-{c}"),
            _ => format!("8 {code} {a} {b} {c}"),
        }
    }

    /// First and last name.
    pub fn name(self) -> String {
        let first = self.first();
        let last = LAST[(self.0 / 3) as usize % LAST.len()];
        // Last names of women end in «а».
        let ending = if first < WOMEN { "а" } else { "" };
        format!("{} {last}{ending}", FIRST[first])
    }

    /// The first name only, as people sign a form.
    pub fn first_name(self) -> &'static str {
        FIRST[self.first()]
    }

    /// Which of the first names: neighbours in the serial numbers have different ones.
    fn first(self) -> usize {
        (self.0 * 7 + self.0 / 16) as usize % FIRST.len()
    }

    /// The e-mail, which two of five leave.
    pub fn email(self) -> String {
        if self.0 % 5 < 2 {
            format!("klient{}@pochta.example", self.0)
        } else {
            String::new()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_distinct_mobile_numbers() {
        let mut phones: Vec<u64> = (0..100_000)
            .map(|serial| Customer(serial).digits())
            .collect();
        phones.sort_unstable();
        phones.dedup();
        assert_eq!(phones.len(), 100_000);
        assert!(phones.iter().all(|digits| digits / 100_000_000 == 90));
    }

    #[test]
    fn a_phone_is_one_number_in_all_writings() {
        let tail = |way| {
            Customer(7)
                .phone(way)
                .chars()
                .filter(char::is_ascii_digit)
                .skip(1)
                .collect::<String>()
        };
        assert!((1..5).all(|way| tail(way) == tail(0)));
    }
}
