//! Diagnoses with certainty, role, stage and grade; sites; diseases of relatives.

use std::collections::HashMap;

use case_model::{Assertion, Certainty, Diagnosis, DiagnosisRole, FamilyHistory, Site, SiteRole, Stage};
use case_text::context::Context;

use crate::class::{Class, Info, Kind};
use crate::draft::{Draft, View, is_elsewhere};
use crate::finding::{is_covered, is_sign, side_beside, site_beside, word_before};
use crate::reading::Mention;

const BY: &str = "narrative/disease";

/// Takes a sentence about the patient.
pub(crate) fn read(view: View<'_, '_>, out: &mut Vec<Draft<Diagnosis>>, family: &mut Vec<Draft<FamilyHistory>>) {
    let mentions = view.mentions();
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
        if neoplasm && mention.info.has(Info::BROAD) && !role_word {
            continue;
        }
        let certainty = certainty(view, mention, context);
        // "no evidence of malignancy", "no metastases": a finding said to be absent, not a diagnosis excluded, unless it
        // is an entity.
        if certainty == Certainty::RuledOut && role_word {
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
            stages: if neoplasm { stages(view) } else { Vec::new() },
        };
        let mut draft = Draft::new(value, view.span(mention), view.number, BY);
        draft.codings = view.reading.vocabulary.codings(mention.concept);
        draft.time = view
            .time_of(mention.first, mention.last, &[])
            .filter(|_| context.has(Context::HISTORICAL) || says_diagnosed(view));
        out.push(draft);
    }
}

/// The concept's label; for words that name a role ("liver metastases") the words themselves.
fn label_of(view: View<'_, '_>, mention: &Mention, label: &str) -> String {
    if mention.info.has(Info::ROLE) {
        let from = site_beside(view, mention).filter(|s| s.last < mention.first).map_or(mention.first, |s| s.first);
        return view.reading.words(from, mention.last).to_owned();
    }
    label.to_owned()
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

/// TNM and other stages of the sentence.
pub(crate) fn stages(view: View<'_, '_>) -> Vec<Stage> {
    let reading = view.reading;
    let range = view.sentence.tokens.clone();
    let mut out = Vec::new();
    for i in range.clone() {
        let word = reading.word(i);
        if is_tnm(word) {
            // "pT2 N0 M0" comes in several words.
            let mut last = i;
            while last + 1 < range.end && last < i + 4 && is_tnm_part(reading.word(last + 1)) {
                last += 1;
            }
            if last > i || word.len() > 3 {
                out.push(Stage { system: "TNM".into(), value: reading.words(i, last).split_whitespace().collect() });
            }
        } else if word.eq_ignore_ascii_case("stage") {
            let next = reading.word(i + 1);
            if i + 1 < range.end && is_stage(next) {
                let system = view
                    .mentions()
                    .iter()
                    .find(|m| m.is(Kind::Scale) && m.info.class == Class::Stage && m.last < i && i - m.last <= 2);
                let system = system.map(|m| reading.vocabulary.concept(m.concept).label.to_owned()).unwrap_or_default();
                out.push(Stage { system, value: next.to_owned() });
            }
        }
    }
    out.dedup();
    out
}

/// `T2bN1M0`, `pT3`, `cT1bN0M1`.
fn is_tnm(word: &str) -> bool {
    let body = word.trim_start_matches(['y', 'r', 'a', 'c', 'p']);
    let Some(rest) = body.strip_prefix('T') else { return false };
    let digit = rest.chars().next().is_some_and(|c| c.is_ascii_digit() && c <= '4' || matches!(c, 'X' | 'x' | 'i'));
    digit
        && (rest.len() <= 2 || rest.contains('N') || rest.starts_with("is"))
        && rest.chars().all(|c| c.is_ascii_alphanumeric())
        && (rest.len() > 1 || word.len() > 2 || body.len() == 2)
}

fn is_tnm_part(word: &str) -> bool {
    let body = word.trim_start_matches(['c', 'p', 'y']);
    let digit = |rest: &str| rest.chars().next().is_some_and(|c| c.is_ascii_digit() || matches!(c, 'X' | 'x'));
    body.strip_prefix('N').or_else(|| body.strip_prefix('M')).is_some_and(digit) && body.len() <= 5
}

/// `IIB`, `IV`, `3`, `4S`.
fn is_stage(word: &str) -> bool {
    let roman = word.trim_end_matches(|c: char| matches!(c, 'A'..='E' | 'a'..='e' | 'S' | '0'..='9'));
    let is_roman = !roman.is_empty() && roman.len() <= 3 && roman.chars().all(|c| matches!(c, 'I' | 'V'));
    let arabic = word.trim_end_matches(|c: char| matches!(c, 'A'..='E' | 'a'..='e' | 'S'));
    is_roman || arabic.len() == 1 && matches!(arabic, "0" | "1" | "2" | "3" | "4")
}

/// A disease of a relative.
fn relative(view: View<'_, '_>, mention: &Mention, out: &mut Vec<Draft<FamilyHistory>>) {
    let relative =
        view.mentions().iter().filter(|m| m.says(Class::Relative)).min_by_key(|m| m.first.abs_diff(mention.first));
    let concept = view.reading.vocabulary.concept(mention.concept);
    let value = FamilyHistory { label: concept.label.to_owned(), relative: relative.map(|m| view.words(m).to_owned()) };
    let mut draft = Draft::new(value, view.span(mention), view.number, BY);
    draft.codings = view.reading.vocabulary.codings(mention.concept);
    if view.context(mention).has(Context::NEGATED) {
        draft.assertion = Assertion::Absent;
    }
    out.push(draft);
}

/// Merges mentions of the same disease with the same certainty.
pub(crate) fn merge(drafts: Vec<Draft<Diagnosis>>) -> Vec<Draft<Diagnosis>> {
    let mut out: Vec<Draft<Diagnosis>> = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let code = |d: &Draft<Diagnosis>| d.codings.first().map(|c| c.code.clone());
        let same = out.iter_mut().find(|o| {
            o.value.certainty == draft.value.certainty
                && (o.value.role == draft.value.role
                    || o.value.role != DiagnosisRole::Metastasis && draft.value.role != DiagnosisRole::Metastasis)
                && (code(o).is_some() && code(o) == code(&draft)
                    || o.value.label.eq_ignore_ascii_case(&draft.value.label))
        });
        match same {
            Some(known) => {
                known.absorb(&draft);
                let Diagnosis { site, laterality, grade, stages, .. } = draft.value;
                known.value.site = known.value.site.take().or(site);
                known.value.laterality = known.value.laterality.take().or(laterality);
                known.value.grade = known.value.grade.take().or(grade);
                for stage in stages {
                    if !known.value.stages.contains(&stage) {
                        known.value.stages.push(stage);
                    }
                }
                known.time = known.time.take().or(draft.time);
            }
            None => out.push(draft),
        }
    }
    out
}

/// The disease that the report is about, the tumour named most often, comes first.
pub(crate) fn main_first(drafts: &mut [Draft<Diagnosis>]) {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for draft in drafts.iter() {
        let counts_as = draft.value.neoplasm
            && draft.value.role == DiagnosisRole::Primary
            && draft.value.certainty != Certainty::RuledOut;
        if counts_as {
            *counts.entry(&draft.value.label).or_default() += 1 + draft.more.len();
        }
    }
    let main = drafts.iter().enumerate().filter_map(|(i, d)| Some((*counts.get(d.value.label.as_str())?, i)));
    let best = main.fold(
        None,
        |best: Option<(usize, usize)>, (n, i)| if best.is_some_and(|(m, _)| m >= n) { best } else { Some((n, i)) },
    );
    if let Some((_, i)) = best {
        drafts[..=i].rotate_right(1);
    }
}

/// Sites and what they have to do with the disease.
pub(crate) fn sites(view: View<'_, '_>, out: &mut Vec<Draft<Site>>) {
    let reading = view.reading;
    for site in view.mentions().iter().filter(|m| m.is(Kind::Site) && !m.ambiguous && !m.nested) {
        let context = view.context(site);
        if context.any(Context::ELSEWHERE | Context::HYPOTHETICAL | Context::NEGATED) || site.info.has(Info::BROAD) {
            continue;
        }
        let Some(role) = site_role(view, site) else { continue };
        let concept = reading.vocabulary.concept(site.concept);
        let value = Site { label: concept.label.to_owned(), role, laterality: side_beside(view, site) };
        let mut draft = Draft::new(value, view.span(site), view.number, BY);
        draft.codings = reading.vocabulary.codings(site.concept);
        out.push(draft);
    }
}

/// The role of a site by the nearest word that gives it one.
fn site_role(view: View<'_, '_>, site: &Mention) -> Option<SiteRole> {
    let reading = view.reading;
    let near = |test: &dyn Fn(&Mention) -> bool| {
        view.mentions()
            .iter()
            .filter(|m| test(m))
            .map(|m| m.first.abs_diff(site.last).min(site.first.abs_diff(m.last)))
            .min()
    };
    let metastasis = near(&|m| {
        m.is(Kind::Tumour) && reading.vocabulary.concept(m.concept).attr("role") == Some("metastasis")
            || m.says(Class::Metastatic)
    });
    let lesion = near(&|m| m.says(Class::Lesion) && !site_is_lesion(m, site));
    let biopsy = near(&|m| m.is(Kind::Procedure) && matches!(m.info.class, Class::Biopsy));
    let involved = view.sentence.tokens.clone().filter(|i| {
        matches!(
            reading.word(*i),
            "involving"
                | "invading"
                | "invaded"
                | "infiltrating"
                | "infiltration"
                | "invasion"
                | "extending"
                | "compressing"
                | "involvement"
                | "infiltrated"
                | "involved"
                | "displace"
                | "displacing"
                | "impair"
                | "surrounding"
                | "adjacent"
                | "contact"
        )
    });
    let involved = involved.map(|i| i.abs_diff(site.first)).min();
    let tumour = near(&|m| m.is(Kind::Tumour) && !m.info.has(Info::ROLE));
    let candidates = [
        (metastasis, SiteRole::Metastasis, 6),
        (biopsy, SiteRole::Biopsy, 4),
        (involved, SiteRole::Involved, 8),
        (lesion, SiteRole::Primary, 8),
        (tumour, SiteRole::Primary, 5),
    ];
    candidates
        .into_iter()
        .filter_map(|(d, role, reach)| d.filter(|d| *d <= reach).map(|d| (d, role)))
        .min_by_key(|(d, _)| *d)
        .map(|(_, role)| role)
}

fn site_is_lesion(lesion: &Mention, site: &Mention) -> bool {
    lesion.first >= site.first && lesion.last <= site.last
}

/// Merges repeated sites.
pub(crate) fn merge_sites(drafts: Vec<Draft<Site>>) -> Vec<Draft<Site>> {
    let mut out: Vec<Draft<Site>> = Vec::new();
    for draft in drafts {
        match out.iter_mut().find(|o| o.value.label == draft.value.label && o.value.role == draft.value.role) {
            Some(known) => {
                known.absorb(&draft);
                known.value.laterality = known.value.laterality.take().or(draft.value.laterality);
            }
            None => out.push(draft),
        }
    }
    out
}
