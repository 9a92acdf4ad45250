//! The nearest of the names that are known.

use casemill_plugin_abi::options::closest;

/// What to say of a name that is not known: the nearest known one, or all of them, if they are few.
pub(crate) fn suggest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    match closest(wanted, known.iter().copied()) {
        Some(name) => format!("did you mean {name}?"),
        None if known.is_empty() => "there is none".to_owned(),
        None => format!("there is {}", known.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn the_nearest_or_all() {
        assert_eq!(suggest("phenopackets", ["html", "phenopacket"]), "did you mean phenopacket?");
        assert_eq!(suggest("CT0O3", ["CT001", "CT003"]), "did you mean CT003?");
        assert_eq!(suggest("pdf", ["json", "html"]), "there is html, json");
        assert_eq!(suggest("pdf", []), "there is none");
    }
}
