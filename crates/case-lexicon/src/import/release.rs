//! Names of releases.

/// A date or year in the name of a file: `oncotree_2025_10_03.json` is 2025-10-03, `drugbank_vocabulary_2021.csv` 2021.
pub(super) fn of_file_name(name: &str) -> Option<String> {
    of_text(name.rsplit(['/', '\\']).next().unwrap_or(name))
}

/// The first date, or else the first year, in a text.
pub(super) fn of_text(text: &str) -> Option<String> {
    let runs: Vec<&str> = text.split(|c: char| !c.is_ascii_digit()).filter(|r| !r.is_empty()).collect();
    let number = |run: &str, low: u32, high: u32| run.parse::<u32>().is_ok_and(|n| (low..=high).contains(&n));
    let year = |run: &str| run.len() == 4 && number(run, 1990, 2099);
    for parts in runs.windows(3) {
        if year(parts[0])
            && parts[1].len() <= 2
            && number(parts[1], 1, 12)
            && parts[2].len() <= 2
            && number(parts[2], 1, 31)
        {
            return Some(format!("{}-{:0>2}-{:0>2}", parts[0], parts[1], parts[2]));
        }
    }
    if let Some(run) =
        runs.iter().find(|r| r.len() == 8 && year(&r[..4]) && number(&r[4..6], 1, 12) && number(&r[6..], 1, 31))
    {
        return Some(format!("{}-{}-{}", &run[..4], &run[4..6], &run[6..]));
    }
    runs.iter().find(|r| year(r)).map(|r| (*r).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_file_names() {
        for (name, release) in [
            ("oncotree_2025_10_03.json", Some("2025-10-03")),
            ("hp.v2024-08-13.json.gz", Some("2024-08-13")),
            ("drugbank_vocabulary_2021.csv", Some("2021")),
            ("20230401-genes.tsv", Some("2023-04-01")),
            ("1234/genes.tsv", None),
            ("hg19_9999.txt", None),
        ] {
            assert_eq!(of_file_name(name).as_deref(), release, "{name}");
        }
    }
}
