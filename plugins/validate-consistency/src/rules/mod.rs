//! The registry: one line for each rule. A rule's file declares `RULE` and `check`; its head is the manual page.

use crate::rule::{Registered, page, page_len};

macro_rules! registry {
    ($($family:ident { $($rule:ident $status:ident,)+ })+) => {
        $(mod $family { $(pub(super) mod $rule;)+ })+

        /// All rules.
        pub(crate) const RULES: &[Registered] = &[$($(Registered {
            rule: &$family::$rule::RULE,
            page: {
                const SOURCE: &str =
                    include_str!(concat!(stringify!($family), "/", stringify!($rule), ".rs"));
                const N: usize = page_len(SOURCE);
                const PAGE: [u8; N] = page(SOURCE);
                match std::str::from_utf8(&PAGE) {
                    Ok(page) => page,
                    Err(_) => panic!("a manual page that is not UTF-8"),
                }
            },
            stable: matches!(stringify!($status).as_bytes(), b"stable"),
            check: $family::$rule::check,
        },)+)+];
    };
}

registry! {
    ct {
        contradicting_times stable,
        stop_before_start stable,
        length_told_twice stable,
        age_against_time stable,
        response_before_treatment stable,
        event_after_death stable,
        event_before_drug stable,
        drug_before_result stable,
        age_without_anchor preview,
        interval_against_dates stable,
    }
    cn {
        size_differs stable,
        largest_dimension stable,
        percentage_of_count stable,
        parts_of_total stable,
        implausible_value stable,
        unit_missing stable,
        unit_differs stable,
        length_as_volume stable,
        called_normal preview,
        exponent_lost stable,
    }
    cx {
        age_differs stable,
        sex_differs stable,
        side_differs stable,
        one_side_both_sides stable,
        modality_differs stable,
        word_drift preview,
        figure_shows_other preview,
        figure_missing stable,
        said_and_denied preview,
    }
    cl {
        missing_negation preview,
        abbreviation_mistyped stable,
        abbreviation_expanded_wrongly stable,
        unresolved_citations stable,
        sentence_without_end stable,
        spliced_caption stable,
        name_mistyped preview,
    }
    cd {
        dose_unit_missing stable,
        day_or_dose stable,
        child_dose_without_size stable,
        dose_beyond_label preview,
        frequency_word stable,
        regimen_expanded_wrongly stable,
    }
    cg {
        ambiguous_partner stable,
        karyotype_form stable,
        band_differs stable,
        variant_form stable,
        assay_cannot_tell stable,
    }
    cp {
        marker_against_molecular stable,
        ki67_without_percent stable,
        never_confirmed stable,
        response_without_criteria stable,
        marker_told_twice preview,
    }
}
