//! From the lake's tables to small typed facts: channels, inquiries, attribution.

pub mod attribution;
pub mod channels;
pub mod inquiries;
