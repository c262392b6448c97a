//! Orders in CommerceML, the XML that 1C and shops exchange: each order is a row.

use anyhow::Result;
use encoding_rs::WINDOWS_1251;
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::Event;

use super::Source;
use super::grid::Grid;
use super::reader::decoded;
use crate::model::fault::Fault;

/// What a document of CommerceML is called, whatever it holds.
const ROOT: &str = "<КоммерческаяИнформация";
/// How far into a text in XML it says what it is.
const HEAD: usize = 1024;
/// The longest document, bytes: it is held whole. An order takes one or two kilobytes.
const LONGEST: usize = 1 << 30;
/// What a document in the list of documents is.
const OPERATION: &str = "ХозОперация";
/// Lists of an order that are no facts of it, but of its goods.
const OF_GOODS: &[&str] = &["Товары", "Налоги", "Скидки"];
/// Names of the two halves of a pair: what it is, and what it says.
const NAMES: &[&str] = &["Наименование", "Тип", "ТипКонтакта"];
const VALUES: &[&str] = &["Значение"];

/// Whether a text begins as CommerceML does, in UTF-8 or windows-1251.
pub(super) fn is_commerce(text: &[u8]) -> bool {
    let head = &text[..text.len().min(HEAD)];
    let (old, ..) = WINDOWS_1251.encode(ROOT);
    let mut spellings = [ROOT.as_bytes(), &old].into_iter();
    text.starts_with(b"<") && spellings.any(|root| memchr::memmem::find(head, root).is_some())
}

/// Writes a row for each order and each return: payments and shipments, which stand among them, are of an order told
/// already.
pub(super) fn rows(source: &Source, grid: &mut Grid<'_>) -> Result<()> {
    let mut text = String::new();
    decoded(source, |piece| {
        text.push_str(piece);
        if text.len() > LONGEST {
            return Err(Fault::new("is CommerceML of more than 1 GiB")
                .hint("export fewer days at a time")
                .into());
        }
        Ok(())
    })?;
    let mut orders = Orders::default();
    orders.read(&text)?;
    if orders.all.is_empty() {
        return Err(Fault::new(
            "is CommerceML without an order, expected «Документ» of «Заказ товара»",
        )
        .hint("a catalogue of goods (import.xml, offers.xml) holds none: take the orders")
        .into());
    }
    orders.write(grid)
}

/// A name and what it says.
type Fact = (String, String);

/// The orders of a document.
#[derive(Default)]
struct Orders {
    all: Vec<Vec<Fact>>,
    /// The facts of the order at hand; none outside of one.
    order: Option<Vec<Fact>>,
    /// Elements inside of the order that are open, the outermost first.
    open: Vec<String>,
    /// The name of the pair at hand.
    pair: String,
    text: String,
}

impl Orders {
    fn read(&mut self, xml: &str) -> Result<()> {
        let mut reader = Reader::from_str(xml);
        loop {
            match reader.read_event().map_err(|error| broken(&error))? {
                Event::Start(tag) => self.begin(tag.name().as_ref()),
                Event::End(_) => self.end(),
                Event::Text(text) => self.text.push_str(&text.xml10_content()),
                Event::CData(text) => self.text.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => {
                    let letter = reference.resolve_char_ref().ok().flatten();
                    self.text.extend(letter);
                    let name = resolve_xml_entity(&reference.xml10_content());
                    self.text.push_str(name.unwrap_or_default());
                }
                Event::Eof if self.order.is_some() => return Err(breaks_off().into()),
                Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    fn begin(&mut self, name: &str) {
        self.text.clear();
        match &self.order {
            None if name == "Документ" => self.order = Some(Vec::new()),
            None => {}
            Some(_) => self.open.push(name.to_owned()),
        }
    }

    fn end(&mut self) {
        let Some(order) = &mut self.order else { return };
        let Some(name) = self.open.pop() else {
            let order = std::mem::take(order);
            self.order = None;
            if is_order(&order) {
                self.all.push(order);
            }
            return;
        };
        let value = std::mem::take(&mut self.text);
        let value = value.trim();
        let is_of_goods = OF_GOODS
            .iter()
            .any(|list| self.open.iter().any(|above| above == list));
        if is_of_goods || value.is_empty() {
            return;
        }
        match self.open.last().map(String::as_str) {
            None => order.push((name, value.to_owned())),
            Some(_) if NAMES.contains(&name.as_str()) => value.clone_into(&mut self.pair),
            Some(_) if VALUES.contains(&name.as_str()) => {
                order.push((std::mem::take(&mut self.pair), value.to_owned()));
            }
            Some(above) => order.push((format!("{above}.{name}"), value.to_owned())),
        }
    }

    /// First the names of all facts, then the orders.
    fn write(&self, grid: &mut Grid<'_>) -> Result<()> {
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in self.all.iter().flatten() {
            if !names.contains(&name.as_str()) {
                names.push(name);
            }
        }
        grid.row(names.iter().copied())?;
        for order in &self.all {
            let said = |name: &&str| order.iter().find(|(known, _)| known == name);
            grid.row(
                names
                    .iter()
                    .map(|name| said(name).map_or("", |(_, value)| value)),
            )?;
        }
        Ok(())
    }
}

/// Whether a document is an order or a return. Shops leave out what it is: then all are orders.
fn is_order(facts: &[Fact]) -> bool {
    let operation = facts.iter().find(|(name, _)| name == OPERATION);
    let of = |(_, value): &Fact| {
        let value = value.to_lowercase();
        value.starts_with("заказ") || value.starts_with("возврат")
    };
    operation.is_none_or(of)
}

/// The words of the parser may quote a value, which may be a person's.
fn broken(_: &quick_xml::Error) -> Fault {
    Fault::new("is no XML").hint(super::COPY_AGAIN)
}

fn breaks_off() -> Fault {
    Fault::new("breaks off inside of an order").hint(super::COPY_AGAIN)
}

#[cfg(test)]
mod tests {
    use super::super::Carrier;
    use super::super::testing::{grid_of, refusal_of};

    const BEGIN: &str =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><КоммерческаяИнформация ВерсияСхемы=\"2.10\">";

    fn document(facts: &str) -> String {
        format!(
            "{BEGIN}<Контейнер><Документ>{facts}</Документ></Контейнер></КоммерческаяИнформация>"
        )
    }

    #[test]
    fn an_order_is_a_row_of_its_facts_and_pairs_without_its_goods() {
        let xml = document(
            "<Номер>5</Номер><Сумма>10.5</Сумма><Контрагенты><Контрагент><Ид>7</Ид><Контакты><Контакт>\
             <Тип>Почта</Тип><Значение>a&amp;b@firm.example</Значение></Контакт></Контакты></Контрагент>\
             </Контрагенты><Товары><Товар><Сумма>3</Сумма></Товар></Товары><ЗначенияРеквизитов>\
             <ЗначениеРеквизита><Наименование>Статус заказа</Наименование><Значение>Выполнен</Значение>\
             </ЗначениеРеквизита></ЗначенияРеквизитов>",
        );
        let rows = grid_of(xml.as_bytes(), Carrier::Commerce);
        let expected = [
            "Номер|Сумма|Контрагент.Ид|Почта|Статус заказа",
            "5|10.5|7|a&b@firm.example|Выполнен",
        ];
        assert_eq!(rows, expected);
    }

    #[test]
    fn shipments_are_passed_over_and_a_catalogue_is_refused() {
        let shipment = document("<Номер>5</Номер><ХозОперация>Отпуск товара</ХозОперация>");
        let refusal = refusal_of(shipment.as_bytes(), Carrier::Commerce);
        assert!(refusal.contains("without an order"), "{refusal}");
        let cut = format!("{BEGIN}<Документ><Номер>5</Номер>");
        let refusal = refusal_of(cut.as_bytes(), Carrier::Commerce);
        assert!(refusal.contains("breaks off"), "{refusal}");
    }
}
