//! Diagnoses with certainty, role, stage and grade; diseases of relatives.

use std::collections::{HashMap, HashSet};

use case_model::{Assertion, Certainty, Diagnosis, DiagnosisRole, FamilyHistory};
use case_text::context::Context;

use crate::class::{Class, Info, Kind};
use crate::draft::{Draft, View, is_elsewhere};
use crate::finding::{is_covered, is_sign, side_beside, site_beside, word_before};
use crate::reading::Mention;
use crate::stage::{self, Staged};

const BY: &str = "narrative/disease";

/// A diagnosis as found.
#[derive(Debug)]
pub(crate) struct Found {
    draft: Draft<Diagnosis>,
    /// A kind of tumour and no entity.
    general: bool,
}

/// Takes a sentence about the patient.
pub(crate) fn read(
    view: View<'_, '_>,
    out: &mut Vec<Found>,
    family: &mut Vec<Draft<FamilyHistory>>,
    unattached: &mut Vec<Staged>,
) {
    let mentions = view.mentions();
    let stages = stage::stages(view);
    let before = out.len();
    let mut last: Option<usize> = None;
    for (i, mention) in mentions.iter().enumerate() {
        let neoplasm = mention.is(Kind::Tumour);
        if !(neoplasm || mention.is(Kind::Disease))
            || mention.ambiguous
            || is_covered(mentions, i)
            || is_symptom_too(mentions, i)
            || is_sign(view, mention)
        {
            continue;
        }
        if last == Some(mention.first) {
            continue;
        }
        let context = view.context(mention);
        if context.has(Context::FAMILY) {
            relative(view, mention, family);
            continue;
        }
        if is_elsewhere(context) {
            continue;
        }
        let role_word = mention.info.has(Info::ROLE);
        let general = neoplasm && mention.info.has(Info::BROAD) && !role_word;
        if general && !is_stated_as_diagnosis(view, mention) || is_about_prevention(view, mention) {
            continue;
        }
        let certainty = certainty(view, mention, context);
        if (general && certainty == Certainty::RuledOut) || !neoplasm && view.looks_back && !is_had(view, mention) {
            continue;
        }
        // "no evidence of malignancy", "no metastases": a finding said to be absent, not a diagnosis excluded, unless it
        // is an entity.
        if role_word && (certainty == Certainty::RuledOut || !names_metastasis(view, mention)) {
            continue;
        }
        last = Some(mention.first);
        let concept = view.reading.vocabulary.concept(mention.concept);
        let site = site_beside(view, mention)
            .map(|s| view.words(s).to_owned())
            .or_else(|| concept.attr("site").map(str::to_owned));
        let value = Diagnosis {
            label: label_of(view, mention, concept.label),
            certainty,
            role: role(view, mention, context),
            neoplasm,
            site,
            laterality: side_beside(view, mention),
            grade: grade(view, mention),
            stages: if neoplasm { stages.iter().map(|s| s.stage.clone()).collect() } else { Vec::new() },
        };
        let mut draft = Draft::new(value, view.span(mention), view.number, BY);
        draft.codings = view.reading.codings(mention.concept);
        draft.time = view
            .time_of(mention.first, mention.last, &[])
            .filter(|_| context.has(Context::HISTORICAL) || says_diagnosed(view));
        out.push(Found { draft, general });
    }
    if !out[before..].iter().any(|f| f.draft.value.neoplasm) {
        unattached.extend(stages);
    }
}

/// Kinds of tumours that are no entity but can be a diagnosis for the time being: "the morphological features were those of
/// a low-grade spindle cell tumour", "a sarcoma was suspected".
fn is_stated_as_diagnosis(view: View<'_, '_>, mention: &Mention) -> bool {
    const TOO_GENERAL: &[&str] = &[
        "neoplasm",
        "cancer",
        "carcinoma",
        "primary tumour",
        "solid tumour",
        "benign neoplasm",
        "pre-malignant neoplasm",
        "blastoma",
        "hematologic cancer",
    ];
    let label = view.reading.vocabulary.concept(mention.concept).label;
    let clause = view.clause(mention.first);
    let said = view.mentions().iter().any(|m| {
        m.says(Class::Diagnosed) && clause.contains(&m.first) && m.last < mention.first && mention.first - m.last <= 8
    }) || (mention.first.saturating_sub(8)..mention.first)
        .any(|i| clause.contains(&i) && view.reading.word(i) == "those");
    !TOO_GENERAL.contains(&label) && (said || view.context(mention).has(Context::UNCERTAIN))
}

/// `PCP prophylaxis`, `hepatitis B vaccination`: a disease that is kept away.
fn is_about_prevention(view: View<'_, '_>, mention: &Mention) -> bool {
    let reading = view.reading;
    let end = view.sentence.tokens.end;
    let mut next = mention.last + 1;
    // "PCP (pneumocystis carinii pneumonia) prophylaxis"
    if next < end && reading.tokens[next].is(')') {
        next += 1;
    } else if next < end && reading.tokens[next].is('(') {
        next = (next..end).find(|i| reading.tokens[*i].is(')')).map_or(end, |i| i + 1);
    }
    next < end
        && matches!(
            reading.word(next),
            "prophylaxis" | "vaccination" | "vaccine" | "vaccines" | "screening" | "prevention"
        )
}

/// True if the sentence says that the patient had the disease: "she developed sepsis". The discussion names many that it
/// only speaks of.
fn is_had(view: View<'_, '_>, mention: &Mention) -> bool {
    let clause = view.clause(mention.first);
    let before = |m: &&Mention| m.last < mention.first && clause.contains(&m.first);
    view.mentions().iter().filter(before).any(|m| {
        m.says(Class::Developed) || m.says(Class::Diagnosed) || m.says(Class::Presents) || m.says(Class::Adverse)
    }) || clause.clone().take_while(|i| *i < mention.first).any(|i| matches!(view.reading.word(i), "had" | "has"))
}

/// The concept's label; for metastases that and their site: "hepatic metastases" and "metastases to the liver" are both
/// liver metastasis.
fn label_of(view: View<'_, '_>, mention: &Mention, label: &str) -> String {
    let own_site = view.reading.vocabulary.concept(mention.concept).attr("site").is_some();
    if !mention.info.has(Info::ROLE) || own_site {
        return label.to_owned();
    }
    let vocabulary = view.reading.vocabulary;
    let within =
        view.mentions().iter().find(|m| m.is(Kind::Site) && mention.first <= m.first && m.last <= mention.last);
    match within.or_else(|| site_beside(view, mention)) {
        Some(site) => format!("{} metastasis", vocabulary.concept(site.concept).label),
        None => view.words(mention).to_lowercase(),
    }
}

/// True for a noun that names metastases. A recurrence is a response; "metastatic" and "secondary" alone are adjectives.
fn names_metastasis(view: View<'_, '_>, mention: &Mention) -> bool {
    let concept = view.reading.vocabulary.concept(mention.concept);
    let adjective = ["metastatic", "secondary", "disseminated", "metastasized"];
    concept.attr("role") == Some("metastasis")
        && !adjective.contains(&view.words(mention).to_ascii_lowercase().as_str())
}

/// True if the same words are a finding, too, and read better as one (an adverse event, a sign).
fn is_symptom_too(mentions: &[Mention], i: usize) -> bool {
    let own = mentions[i];
    own.is(Kind::Disease) && mentions.iter().any(|m| m.is(Kind::Finding) && m.first == own.first && m.last == own.last)
}

fn says_diagnosed(view: View<'_, '_>) -> bool {
    view.mentions().iter().any(|m| m.says(Class::Diagnosed))
}

fn certainty(view: View<'_, '_>, mention: &Mention, context: Context) -> Certainty {
    if context.has(Context::NEGATED) {
        return Certainty::RuledOut;
    }
    if view.mentions().iter().any(|m| m.says(Class::Differential) && m.first < mention.first) {
        return Certainty::Differential;
    }
    if context.has(Context::UNCERTAIN) {
        // "suggested either A or B"
        let either = (mention.first.saturating_sub(14).max(view.sentence.tokens.start)..mention.first)
            .any(|i| view.reading.word(i) == "either");
        if either {
            return Certainty::Differential;
        }
        return Certainty::Suspected;
    }
    Certainty::Confirmed
}

fn role(view: View<'_, '_>, mention: &Mention, context: Context) -> DiagnosisRole {
    let concept = view.reading.vocabulary.concept(mention.concept);
    let named = concept.attr("role");
    let before = mention.first.checked_sub(1).map(|i| view.reading.word(i)).unwrap_or_default();
    if named == Some("metastasis") {
        DiagnosisRole::Metastasis
    } else if context.has(Context::HISTORICAL) && !mention.is(Kind::Tumour) {
        if matches!(
            concept.attr("class"),
            Some(
                "cardiovascular" | "endocrine" | "respiratory" | "autoimmune" | "renal" | "psychiatric" | "hereditary"
            )
        ) {
            DiagnosisRole::Comorbidity
        } else {
            DiagnosisRole::History
        }
    } else if mention.is(Kind::Tumour) {
        if context.has(Context::HISTORICAL) && matches!(before, "previous" | "prior" | "treated" | "old") {
            DiagnosisRole::History
        } else {
            DiagnosisRole::Primary
        }
    } else {
        DiagnosisRole::Comorbidity
    }
}

/// `grade 2`, `G3`, `low-grade`, `WHO grade IV` beside the diagnosis.
fn grade(view: View<'_, '_>, mention: &Mention) -> Option<String> {
    let reading = view.reading;
    let from = mention.first.saturating_sub(4).max(view.sentence.tokens.start);
    let to = (mention.last + 5).min(view.sentence.tokens.end);
    for i in from..to {
        let word = reading.word(i);
        if word.eq_ignore_ascii_case("grade") {
            let next = reading.word(i + 1);
            let value = next.parse::<u8>().is_ok_and(|n| n <= 4) || matches!(next, "I" | "II" | "III" | "IV");
            if value && i + 1 < to {
                return Some(next.to_owned());
            }
            let adjective = i.checked_sub(2).map(|j| reading.word(j)).unwrap_or_default();
            let hyphen = i.checked_sub(1).is_some_and(|j| reading.tokens[j].is_hyphen());
            if hyphen && matches!(adjective, "low" | "high" | "intermediate" | "Low" | "High") {
                return Some(adjective.to_lowercase());
            }
        }
        if matches!(word, "G1" | "G2" | "G3" | "G4") {
            return Some(word.to_owned());
        }
    }
    word_before(view, mention, Class::Grade)
}

/// A disease of a relative.
fn relative(view: View<'_, '_>, mention: &Mention, out: &mut Vec<Draft<FamilyHistory>>) {
    let relative =
        view.mentions().iter().filter(|m| m.says(Class::Relative)).min_by_key(|m| m.first.abs_diff(mention.first));
    let concept = view.reading.vocabulary.concept(mention.concept);
    let value = FamilyHistory { label: concept.label.to_owned(), relative: relative.map(|m| view.words(m).to_owned()) };
    let mut draft = Draft::new(value, view.span(mention), view.number, BY);
    draft.codings = view.reading.codings(mention.concept);
    if view.context(mention).has(Context::NEGATED) {
        draft.assertion = Assertion::Absent;
    }
    out.push(draft);
}

/// Merges mentions of the same disease. What is confirmed anywhere was suspected before or is doubted in passing; what the
/// discussion rules out of a confirmed disease is another matter.
pub(crate) fn merge(found: Vec<Found>, looks_back: &[bool]) -> Vec<Draft<Diagnosis>> {
    let general: HashSet<String> = found.iter().filter(|f| f.general).map(|f| f.draft.value.label.clone()).collect();
    let mut drafts = without_general(found);
    // The case first, then what introduction and discussion say of it.
    drafts.sort_by_key(|d| looks_back[d.sentence]);
    let mut out: Vec<Draft<Diagnosis>> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let same = out.iter().position(|o| {
            is_same_disease(o, &draft)
                && (o.value.certainty == draft.value.certainty
                    || o.value.certainty != Certainty::RuledOut && draft.value.certainty != Certainty::RuledOut
                    || looks_back[draft.sentence] && o.value.certainty == Certainty::Confirmed)
        });
        let Some(known) = same.map(|i| &mut out[i]) else {
            out.push(draft);
            continue;
        };
        if draft.value.certainty == Certainty::RuledOut && known.value.certainty != Certainty::RuledOut {
            continue;
        }
        if draft.value.certainty == Certainty::Confirmed && known.value.certainty != Certainty::Confirmed {
            // The clearest statement first.
            let weaker = std::mem::replace(known, draft);
            known.absorb(&weaker);
            fill(known, weaker);
        } else {
            known.absorb(&draft);
            fill(known, draft);
        }
    }
    main_first(&mut out, &general);
    out
}

fn is_same_disease(a: &Draft<Diagnosis>, b: &Draft<Diagnosis>) -> bool {
    fn code(draft: &Draft<Diagnosis>) -> Option<&str> {
        draft.codings.first().map(|c| c.code.as_str())
    }
    let group = |role: &DiagnosisRole| match role {
        DiagnosisRole::Metastasis => 1,
        DiagnosisRole::History => 2,
        _ => 0,
    };
    let (a_group, b_group) = (group(&a.value.role), group(&b.value.role));
    let roles = a_group == b_group || a.value.certainty == b.value.certainty && a_group != 1 && b_group != 1;
    let named = if a_group == 1 {
        a.value.label == b.value.label
    } else {
        code(a).is_some() && code(a) == code(b) || a.value.label.eq_ignore_ascii_case(&b.value.label)
    };
    roles && named
}

fn fill(known: &mut Draft<Diagnosis>, other: Draft<Diagnosis>) {
    let Diagnosis { site, laterality, grade, stages, .. } = other.value;
    known.value.site = known.value.site.take().or(site);
    known.value.laterality = known.value.laterality.take().or(laterality);
    known.value.grade = known.value.grade.take().or(grade);
    for stage in stages {
        if !known.value.stages.contains(&stage) {
            known.value.stages.push(stage);
        }
    }
    known.time = known.time.take().or(other.time);
}

/// Leaves out the kind of tumour where the tumour itself is confirmed: "lymphoma" beside "diffuse large B-cell lymphoma".
fn without_general(found: Vec<Found>) -> Vec<Draft<Diagnosis>> {
    let is_confirmed = |d: &Diagnosis| d.certainty == Certainty::Confirmed && d.role == DiagnosisRole::Primary;
    let named = found.iter().any(|f| f.draft.value.neoplasm && !f.general && is_confirmed(&f.draft.value));
    found.into_iter().filter(|f| !(named && f.general && is_confirmed(&f.draft.value))).map(|f| f.draft).collect()
}

/// The disease that the report is about comes first: the tumour named most often, an entity before a kind of tumour.
fn main_first(drafts: &mut [Draft<Diagnosis>], general: &HashSet<String>) {
    let mut counts: HashMap<&str, (bool, usize)> = HashMap::new();
    for draft in drafts.iter() {
        let counts_as = draft.value.neoplasm
            && draft.value.role == DiagnosisRole::Primary
            && draft.value.certainty != Certainty::RuledOut;
        if counts_as {
            let entry = counts.entry(&draft.value.label).or_default();
            entry.0 = !general.contains(&draft.value.label);
            entry.1 += 1 + draft.more.len();
        }
    }
    let main = drafts.iter().enumerate().filter_map(|(i, d)| Some((*counts.get(d.value.label.as_str())?, i)));
    let best = main.fold(
        None,
        |best: Option<((bool, usize), usize)>, (n, i)| {
            if best.is_some_and(|(m, _)| m >= n) { best } else { Some((n, i)) }
        },
    );
    if let Some((_, i)) = best {
        drafts[..=i].rotate_right(1);
    }
}
