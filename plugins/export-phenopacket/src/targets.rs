//! Drugs that are directed at the product of a gene.
//!
//! `therapeuticActionability` asks whether a variant has a known therapy. A case report answers that by what it tells:
//! the patient was given a drug against the changed gene. This table says which drugs are against which genes: generic
//! names and the gene whose alteration is the indication or companion diagnostic in the drug's US prescribing
//! information (section 1, and the FDA table of pharmacogenomic biomarkers in drug labelling).

/// Generic names by gene symbol.
const TARGETS: &[(&str, &[&str])] = &[
    ("ABL1", &["asciminib", "bosutinib", "dasatinib", "imatinib", "nilotinib", "ponatinib"]),
    ("ALK", &["alectinib", "brigatinib", "ceritinib", "crizotinib", "ensartinib", "lorlatinib"]),
    ("BRAF", &["dabrafenib", "encorafenib", "tovorafenib", "vemurafenib"]),
    ("EGFR", &["afatinib", "dacomitinib", "erlotinib", "gefitinib", "osimertinib"]),
    ("ERBB2", &["lapatinib", "pertuzumab", "trastuzumab", "tucatinib"]),
    ("FGFR2", &["futibatinib", "pemigatinib"]),
    ("FGFR3", &["erdafitinib"]),
    ("FLT3", &["gilteritinib", "midostaurin", "quizartinib"]),
    ("IDH1", &["ivosidenib", "olutasidenib", "vorasidenib"]),
    ("IDH2", &["enasidenib", "vorasidenib"]),
    ("KIT", &["imatinib", "ripretinib", "sunitinib"]),
    ("KRAS", &["adagrasib", "sotorasib"]),
    ("MET", &["capmatinib", "tepotinib"]),
    ("NTRK1", &["entrectinib", "larotrectinib", "repotrectinib"]),
    ("NTRK2", &["entrectinib", "larotrectinib", "repotrectinib"]),
    ("NTRK3", &["entrectinib", "larotrectinib", "repotrectinib"]),
    ("PDGFRA", &["avapritinib", "imatinib"]),
    ("PDGFRB", &["imatinib"]),
    ("PIK3CA", &["alpelisib", "inavolisib"]),
    ("RET", &["pralsetinib", "selpercatinib"]),
    ("ROS1", &["crizotinib", "entrectinib", "repotrectinib", "taletrectinib"]),
];

/// True if a drug is directed at the product of a gene.
pub(crate) fn is_directed_at(agent: &str, gene: &str) -> bool {
    let agent = agent.to_lowercase();
    TARGETS.iter().any(|(symbol, agents)| *symbol == gene && agents.contains(&agent.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drug_is_directed_at_its_genes_only() {
        assert!(is_directed_at("Crizotinib", "ALK"));
        assert!(is_directed_at("crizotinib", "ROS1"));
        assert!(!is_directed_at("crizotinib", "CLTC"));
        assert!(!is_directed_at("vincristine", "ALK"));
    }

    #[test]
    fn the_table_is_sorted_and_spelled_as_generic_names_are() {
        assert!(TARGETS.is_sorted_by_key(|(symbol, _)| *symbol));
        assert!(TARGETS.iter().all(|(_, agents)| agents.is_sorted()));
    }
}
