//! Item 13: what is consent to the report, what is not.

use super::{codes, man, report, state};

fn of(section: &str, sentence: &str) -> String {
    let text = format!("Case report\n\nA man had pain.\n\nDiscussion\n\nPain is common.\n\n{section}\n\n{sentence}");
    state(&report(&text, man), "13")
}

#[test]
fn consent_of_the_patient_or_who_speaks_for_them() {
    for sentence in [
        "Written informed consent was obtained from the patient for publication of this report.",
        "The parents of the patient gave written informed consent to this publication.",
        "The patient's wife provided consent for the use of the images.",
        "The patient has consented to the publication of this case.",
        "Ethical approval was not required. Informed consent was obtained from the patient.",
        "Our patient signed an informed consent form.",
        "Written consent was obtained from the legal guardian; ethical approval was not required.",
    ] {
        assert_eq!(of("Informed consent", sentence), "present", "{sentence}");
        assert_eq!(of("Acknowledgements", sentence), "present", "{sentence}");
    }
}

#[test]
fn consent_not_obtained_is_addressed_and_not_given() {
    for sentence in [
        "Patient consent for publication was not required.",
        "Informed consent was waived by the review board.",
        "The patient died before consent could be obtained; consent was not obtained.",
        "The need for patient consent was waived.",
        "Consent for publication: Not applicable.",
    ] {
        assert_eq!(of("Ethics statement", sentence), "partial", "{sentence}");
    }
}

#[test]
fn approval_and_the_authors_consent_are_none() {
    for sentence in [
        "The study was approved by the ethics committee.",
        "All authors have read the manuscript and consented.",
        "Ethical approval was obtained from the institutional review board.",
        "No conflicts of interest.",
    ] {
        assert_eq!(of("Ethics statement", sentence), "absent", "{sentence}");
    }
}

#[test]
fn consent_to_a_treatment_is_not_consent_to_the_report() {
    let text = "Case report\n\nA man had pain. Informed consent was obtained from the patient before surgery.\n\n\
        Discussion\n\nPain is common.";
    let treated = report(text, man);
    assert_eq!(state(&treated, "13"), "partial");
}

#[test]
fn the_rules_speak_once() {
    let text = |end: &str| format!("Case report\n\nA man had pain.\n\nDiscussion\n\nPain is common.\n\n{end}");
    let consent = |end: &str| -> Vec<String> {
        let codes = codes(&report(&text(end), man));
        codes.into_iter().filter(|c| c == "CR013" || c == "CR014").collect()
    };
    assert_eq!(consent("Funding\n\nNone."), ["CR013"]);
    assert_eq!(consent("Ethics statement\n\nPatient consent was not required."), ["CR014"]);
    assert_eq!(consent("Consent\n\nThe patient gave consent."), [""; 0]);
    // A text that is the case alone may have been cut out of its report.
    assert!(!codes(&report("Case report\n\nA man had pain.", man)).contains(&"CR013".to_owned()));
}
