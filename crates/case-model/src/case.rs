//! One patient.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{
    AdverseEvent, Age, Assertion, Coding, Derivation, Diagnosis, Evidence, Fact, FactId, FactValue, FamilyHistory,
    Finding, FollowUp, GenomicFinding, ImagingStudy, MarkerTest, Measurement, Morphology, PluginFact, Procedure,
    Response, Scope, Sex, Site, Specimen, Statement, Timing, Treatment, TumourSize,
};

/// A field that readers of a case report expect and that the text does not give.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct NotReported {
    /// The field: `body weight`, `informed consent`, `stage`.
    pub field: String,
    /// Why it counts as not reported ("no statement in the case or its tables").
    pub reason: String,
}

/// Who the patient is. Contradicting statements stand side by side and name each other as conflicting.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Subject {
    /// Age at presentation, the clearest statement first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub age: Vec<Fact<Age>>,
    /// Sex, the clearest statement first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sex: Vec<Fact<Sex>>,
}

/// What every fact offers whatever its value is.
pub trait AnyFact {
    /// Its name.
    fn id(&self) -> &FactId;
    /// Kind of its value, [`FactValue::KIND`].
    fn kind(&self) -> &'static str;
    /// Short name of its value.
    fn label(&self) -> Cow<'_, str>;
    /// Whether it is stated to be so.
    fn assertion(&self) -> &Assertion;
    /// Whom it is about.
    fn scope(&self) -> &Scope;
    /// When.
    fn timing(&self) -> Option<&Timing>;
    /// Codes.
    fn codings(&self) -> &[Coding];
    /// The words that back it.
    fn evidence(&self) -> &[Evidence];
    /// The words that back it, for filling in origins.
    fn evidence_mut(&mut self) -> &mut [Evidence];
    /// How it follows, if it is not written.
    fn derived(&self) -> Option<&Derivation>;
    /// Facts that cannot hold together with it.
    fn conflicts_with(&self) -> &[FactId];
    /// Visits the statements within the value.
    fn statements(&self, visit: &mut dyn FnMut(&Statement));
    /// Visits the time of the fact and the times within its value.
    fn timings(&self, visit: &mut dyn FnMut(&Timing));
    /// Visits the time of the fact and the times within its value, for resolving them.
    fn timings_mut(&mut self, visit: &mut dyn FnMut(&mut Timing));
    /// Visits the facts that the value names.
    fn references(&self, visit: &mut dyn FnMut(&FactId));
    /// Notes a fact that cannot hold together with it.
    fn add_conflict(&mut self, other: FactId);
    /// Visits every fact that this one names: in its value, its times, its derivation, its contradictions. For changing
    /// them.
    fn links_mut(&mut self, visit: &mut dyn FnMut(&mut FactId));
}

impl<T: FactValue> AnyFact for Fact<T> {
    fn id(&self) -> &FactId {
        &self.id
    }

    fn kind(&self) -> &'static str {
        T::KIND
    }

    fn label(&self) -> Cow<'_, str> {
        self.value.label()
    }

    fn assertion(&self) -> &Assertion {
        &self.assertion
    }

    fn scope(&self) -> &Scope {
        &self.scope
    }

    fn timing(&self) -> Option<&Timing> {
        self.timing.as_ref()
    }

    fn codings(&self) -> &[Coding] {
        &self.codings
    }

    fn evidence(&self) -> &[Evidence] {
        &self.evidence
    }

    fn evidence_mut(&mut self) -> &mut [Evidence] {
        &mut self.evidence
    }

    fn derived(&self) -> Option<&Derivation> {
        self.derived.as_ref()
    }

    fn conflicts_with(&self) -> &[FactId] {
        &self.conflicts_with
    }

    fn statements(&self, visit: &mut dyn FnMut(&Statement)) {
        self.value.statements(visit);
    }

    fn timings(&self, visit: &mut dyn FnMut(&Timing)) {
        self.timing.iter().for_each(&mut *visit);
        self.value.timings(visit);
    }

    fn timings_mut(&mut self, visit: &mut dyn FnMut(&mut Timing)) {
        self.timing.iter_mut().for_each(&mut *visit);
        self.value.timings_mut(visit);
    }

    fn references(&self, visit: &mut dyn FnMut(&FactId)) {
        self.value.references(visit);
    }

    fn add_conflict(&mut self, other: FactId) {
        self.conflicts_with.push(other);
    }

    fn links_mut(&mut self, visit: &mut dyn FnMut(&mut FactId)) {
        self.value.references_mut(visit);
        self.timings_mut(&mut |timing| timing.anchor.fact.iter_mut().for_each(&mut *visit));
        self.derived.iter_mut().flat_map(|d| &mut d.from).for_each(&mut *visit);
        self.conflicts_with.iter_mut().for_each(visit);
    }
}

/// Something that is done to the same list of two cases.
pub trait PairVisitor {
    /// The list called `list`: of the first case, and of the second, which has it no more.
    fn pair<T: FactValue + Clone + PartialEq + Serialize + DeserializeOwned>(
        &mut self,
        list: &'static str,
        first: &mut Vec<Fact<T>>,
        second: Vec<Fact<T>>,
    );
}

/// Declares [`Case`] and the walks over all its lists, so that no list can be forgotten.
macro_rules! case {
    ($($(#[$meta:meta])* $list:ident: $type:ty,)+) => {
        /// One patient: lists of facts in the order of the text.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        pub struct Case {
            /// Name of the case within the report: `case-1`.
            pub id: String,
            /// The text's own name for it ("Case 2", "First case").
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub label: Option<Statement>,
            /// The words with which the patient presents: time zero of the case.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub presentation: Option<Statement>,
            /// Who the patient is.
            #[serde(default)]
            pub subject: Subject,
            $($(#[$meta])*
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub $list: Vec<Fact<$type>>,)+
            /// What readers expect and the text does not give.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub not_reported: Vec<NotReported>,
            /// Labels of the figures that show the patient.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            pub figures: Vec<String>,
            /// Data of plugins that is not facts, by plugin id. What a plugin states of the patient is a fact, see
            /// `plugin_facts`. An object in here that has a `span` and a `quote` is held to the text.
            #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
            pub extensions: BTreeMap<String, serde_json::Value>,
        }

        impl Case {
            /// Names of the lists of facts, `age` and `sex` of the subject first.
            pub const LISTS: &'static [&'static str] = &["age", "sex", $(stringify!($list)),+];

            /// Visits every fact with the name of its list.
            pub fn visit<'a>(&'a self, visit: &mut dyn FnMut(&'static str, &'a dyn AnyFact)) {
                self.subject.age.iter().for_each(|f| visit("age", f));
                self.subject.sex.iter().for_each(|f| visit("sex", f));
                $(self.$list.iter().for_each(|f| visit(stringify!($list), f));)+
            }

            /// Visits each list together with that of another case, which is emptied.
            pub fn pair(&mut self, other: &mut Case, visitor: &mut impl PairVisitor) {
                visitor.pair("age", &mut self.subject.age, std::mem::take(&mut other.subject.age));
                visitor.pair("sex", &mut self.subject.sex, std::mem::take(&mut other.subject.sex));
                $(visitor.pair(stringify!($list), &mut self.$list, std::mem::take(&mut other.$list));)+
            }

            /// Visits every fact with the name of its list, for changing times and evidence.
            pub fn visit_mut(&mut self, visit: &mut dyn FnMut(&'static str, &mut dyn AnyFact)) {
                self.subject.age.iter_mut().for_each(|f| visit("age", f));
                self.subject.sex.iter_mut().for_each(|f| visit("sex", f));
                $(self.$list.iter_mut().for_each(|f| visit(stringify!($list), f));)+
            }
        }
    };
}

case! {
    /// Symptoms, signs and findings of investigations, also those said to be absent.
    findings: Finding,
    /// Measured values.
    measurements: Measurement,
    /// Imaging studies.
    imaging: ImagingStudy,
    /// Sites of the disease and of its complications.
    sites: Site,
    /// Sizes of tumours.
    tumour_sizes: TumourSize,
    /// Specimens.
    specimens: Specimen,
    /// Microscopy of the tumour.
    morphology: Morphology,
    /// Marker panel.
    marker_tests: MarkerTest,
    /// Genomic findings, also those looked for and not found.
    genomic_findings: GenomicFinding,
    /// Diagnoses, also past, other and excluded ones.
    diagnoses: Diagnosis,
    /// Treatments, also those considered, planned or declined.
    treatments: Treatment,
    /// Procedures.
    procedures: Procedure,
    /// Responses.
    responses: Response,
    /// Adverse events.
    adverse_events: AdverseEvent,
    /// Statements on the end of observation, the latest last.
    follow_up: FollowUp,
    /// Diseases of relatives. The only list whose facts are not about the patient.
    family_history: FamilyHistory,
    /// Facts of types that plugins add.
    plugin_facts: PluginFact,
}

impl Case {
    /// Age at presentation.
    pub fn age(&self) -> Option<&Fact<Age>> {
        self.subject.age.first()
    }

    /// Sex.
    pub fn sex(&self) -> Option<&Fact<Sex>> {
        self.subject.sex.first()
    }

    /// Number of facts in all lists.
    pub fn fact_count(&self) -> usize {
        let mut count = 0;
        self.visit(&mut |_, _| count += 1);
        count
    }
}
