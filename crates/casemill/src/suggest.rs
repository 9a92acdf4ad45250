//! The nearest of the names that are known.

/// What to say of a name that is not known: the nearest known one, or all of them, if they are few.
pub(crate) fn suggest<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = known.into_iter().collect();
    known.sort_unstable();
    known.dedup();
    let wanted = wanted.to_lowercase();
    let nearest = known
        .iter()
        .map(|name| (strsim::damerau_levenshtein(&wanted, &name.to_lowercase()), *name))
        .min()
        // A third of the name may be mistyped.
        .filter(|(distance, name)| *distance * 3 <= name.chars().count().max(3));
    match nearest {
        Some((_, name)) => format!("did you mean {name}?"),
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
