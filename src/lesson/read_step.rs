//! Reading the beats of a lesson and the claims that runs must confirm.

use crate::i18n::{attack as attack_phrase, capture as capture_phrase, lesson as phrase};

use super::problem::Said;
use super::read_lesson::{attack, capture_changes, duplicate, hyphen_name, spec};
use super::read_program::{unknown_actor, unknown_parameter};
use super::reader::{At, Doc, Table, as_int, as_text};
use super::{
    ATTACK, AttackChoice, CAPTURE, CAPTURE_KEYS, CaptureChange, Check, Contrast, Expr, FRAMING,
    Focus, FramingChoice, Overrides, Parameter, ParameterKind, Prediction, Release, SettingError,
    Step, SystemNeed, Value, limit,
};

pub(super) const STEP: &[&str] = &["id", "restart", "set", "release", "predict", "focus"];
/// What the runs of a check may need.
pub(super) const NEEDS: [&str; 2] = ["capture", "ordinary-user"];
pub(super) const CHECK: &[&str] = &[
    "id",
    "claim",
    "set",
    "release",
    "expect",
    "contrast",
    "precondition",
    "retries",
    "only",
    "needs",
];

/// What steps and checks may refer to.
pub(super) struct Place<'a> {
    pub(super) names: &'a [String],
    pub(super) parameters: &'a [Parameter],
    pub(super) framing: Option<&'a FramingChoice>,
    pub(super) attack: Option<&'a AttackChoice>,
    /// Are the runs of the lesson captured?
    pub(super) captured: bool,
}

pub(super) fn read_steps(t: &Table<'_, '_>, place: &Place<'_>) -> Option<Vec<Step>> {
    let tables = t.tables("step", STEP);
    if tables.is_empty() {
        t.missing("step");
        return None;
    }
    let read = |at, table: &_| read_step(table, place, at == 0);
    read_each(t, &tables, read, |step| &step.id)
}

/// Reads every table; `None` if one of them cannot be read. An id that comes twice is a problem.
pub(super) fn read_each<'d, 's, T>(
    t: &Table<'d, 's>,
    tables: &[Table<'d, 's>],
    read: impl Fn(usize, &Table<'d, 's>) -> Option<T>,
    id: impl Fn(&T) -> &str,
) -> Option<Vec<T>> {
    let mut all: Vec<T> = Vec::new();
    for (at, table) in tables.iter().enumerate() {
        let Some(one) = read(at, table) else {
            continue;
        };
        if all.iter().any(|other| id(other) == id(&one)) {
            duplicate(t.doc, table.start, id(&one));
        }
        all.push(one);
    }
    (all.len() == tables.len()).then_some(all)
}

fn read_step(t: &Table<'_, '_>, place: &Place<'_>, first: bool) -> Option<Step> {
    let id = t.need_text("id").and_then(|id| hyphen_name(t.doc, &id));
    // The first step has nothing to go on from.
    let restart = t.bool_or("restart", first).map(|restart| restart || first);
    let set = read_overrides(t, place, restart == Some(false));
    let release = read_release(t, "release", "", place);
    let changes = set.as_ref().map_or(&[][..], |set| &set.capture);
    let captured = changes.iter().rev().find_map(|change| match change {
        CaptureChange::On(on) => Some(*on),
        _ => None,
    });
    let captured = captured.unwrap_or(place.captured);
    let predict = if t.has("predict") {
        let options = t.texts("predict")?;
        if options.len() < 2 {
            t.doc.problem(
                t.start,
                Said::new(phrase::FILE_FEW_OPTIONS),
                Said::new(phrase::CURE_FEW_OPTIONS),
            );
        }
        let options: Option<Vec<Expr>> = options
            .iter()
            .map(|text| {
                let expr = read_expr(t.doc, text, place)?;
                if expr.speaks_of_segments() && !captured {
                    t.doc.problem(
                        text.span.start,
                        Said::new(capture_phrase::NOT_CAPTURED).with("condition", text.value),
                        Said::new(capture_phrase::CURE_NOT_CAPTURED),
                    );
                }
                Some(expr)
            })
            .collect();
        Some(Prediction { options: options? })
    } else {
        None
    };
    let focus = if t.has("focus") {
        let found = t.text("focus")?;
        let focus = Focus::from_name(found.value);
        if focus.is_none() {
            let valid: Vec<&str> = Focus::ALL.into_iter().map(Focus::name).collect();
            t.doc
                .not_one_of(found.span.start, "focus", found.value, &valid);
        }
        focus
    } else {
        None
    };
    Some(Step {
        id: id?,
        restart: restart?,
        set: set?,
        release: release?,
        predict,
        focus,
    })
}

/// `set = { name = value, framing = "…" }`; `live_only` where no new run begins.
pub(super) fn read_overrides(
    t: &Table<'_, '_>,
    place: &Place<'_>,
    live_only: bool,
) -> Option<Overrides> {
    let doc = t.doc;
    let mut overrides = Overrides::default();
    let Some(value) = t.get("set") else {
        return Some(overrides);
    };
    let valid: Vec<&str> = place
        .parameters
        .iter()
        .map(|p| p.name.as_str())
        .chain([FRAMING, ATTACK, CAPTURE])
        .collect();
    let t = t.table("set", &valid)?;
    let mut good = value.get_ref().is_table();
    for (key, value) in t.entries() {
        if key.value == FRAMING {
            match t.text(FRAMING).and_then(|text| spec(doc, &text)) {
                Some(spec) => overrides.framing = Some(spec),
                None => good = false,
            }
            if place.framing.is_some_and(|f| !f.offered) {
                doc.problem(
                    key.span.start,
                    Said::new(phrase::FILE_FRAMING_NOT_OFFERED),
                    Said::new(phrase::CURE_FRAMING_NOT_OFFERED),
                );
            }
        } else if key.value == ATTACK {
            match t.text(ATTACK).and_then(|text| attack(doc, &text)) {
                Some(attack) => overrides.attack = Some(attack),
                None => good = false,
            }
            if place.attack.is_some_and(|a| !a.offered) {
                doc.problem(
                    key.span.start,
                    Said::new(attack_phrase::NOT_OFFERED),
                    Said::new(attack_phrase::CURE_NOT_OFFERED),
                );
            }
        } else if key.value == CAPTURE {
            match t.table(CAPTURE, &CAPTURE_KEYS) {
                Some(table) => match capture_changes(&table) {
                    Some(changes) => overrides.capture = changes,
                    None => good = false,
                },
                None => good = false,
            }
        } else if let Some(parameter) = place.parameters.iter().find(|p| p.name == key.value) {
            match read_value(parameter, value) {
                Ok(value) => overrides.values.push((key.value.to_owned(), value)),
                Err(error) => {
                    good = false;
                    doc.problem(
                        value.span().start,
                        error.said(),
                        Said::new(phrase::CURE_SETTING),
                    );
                }
            }
        }
        let live = place
            .parameters
            .iter()
            .any(|p| p.name == key.value && p.live);
        if live_only && !live && valid.contains(&key.value) {
            doc.problem(
                key.span.start,
                Said::new(phrase::FILE_NOT_LIVE).with("name", key.value),
                Said::new(phrase::CURE_NOT_LIVE),
            );
        }
    }
    good.then_some(overrides)
}

fn read_value(
    parameter: &Parameter,
    value: &toml::Spanned<toml::de::DeValue<'_>>,
) -> Result<Value, SettingError> {
    let read = if let Some(n) = as_int(value) {
        Value::Int(n.value)
    } else if let Some(text) = as_text(value) {
        Value::Text(text.value.to_owned())
    } else if let Some(on) = value.get_ref().as_bool() {
        if !matches!(parameter.kind, ParameterKind::Switch { .. }) {
            return Err(SettingError::NotANumber {
                name: parameter.name.clone(),
                found: on.to_string(),
            });
        }
        Value::Int(i64::from(on))
    } else {
        return Err(SettingError::NotANumber {
            name: parameter.name.clone(),
            found: value.get_ref().type_str().to_owned(),
        });
    };
    parameter.check(&read)?;
    Ok(read)
}

pub(super) fn read_release(
    t: &Table<'_, '_>,
    key: &str,
    default: &'static str,
    place: &Place<'_>,
) -> Option<Release> {
    let found = t.text_or(key, default)?;
    let release: Release = match found.value.parse() {
        Ok(release) => release,
        Err(error) => {
            let error: super::ScheduleError = error;
            t.doc.problem_in_string(
                &found.span,
                error.column,
                Said::new(phrase::FILE_SCHEDULE).with("error", error.fault),
                Said::new(phrase::CURE_SCHEDULE),
            );
            return None;
        }
    };
    if let Release::Calls(schedule) = &release {
        let unknown = schedule
            .turns
            .iter()
            .find(|turn| !turn.is_rest() && !place.names.contains(&turn.actor));
        if let Some(turn) = unknown {
            unknown_actor(t.doc, found.span.start, &turn.actor, place.names);
            return None;
        }
    }
    Some(release)
}

pub(super) fn read_expr(doc: &Doc<'_>, found: &At<&str>, place: &Place<'_>) -> Option<Expr> {
    let expr: Expr = match found.value.parse() {
        Ok(expr) => expr,
        Err(fault) => {
            let fault: super::Fault = fault;
            doc.problem_in_string(
                &found.span,
                fault.column,
                Said::new(phrase::FILE_EXPR).with("error", fault.what),
                Said::new(phrase::CURE_EXPR),
            );
            return None;
        }
    };
    let mut good = true;
    for name in expr.parameters() {
        let known = place.parameters.iter().find(|p| p.name == name);
        match known.map(|p| &p.kind) {
            None => {
                good = false;
                unknown_parameter(doc, found.span.start, name, place.parameters);
            }
            Some(ParameterKind::Text { .. }) => {
                good = false;
                doc.problem(
                    found.span.start,
                    Said::new(phrase::FILE_PARAMETER_IS_TEXT)
                        .with("name", name)
                        .with("key", found.value),
                    Said::new(phrase::CURE_PARAMETER_IS_TEXT),
                );
            }
            Some(_) => {}
        }
    }
    for name in expr.actors() {
        if !place.names.iter().any(|actor| actor == name) {
            good = false;
            unknown_actor(doc, found.span.start, name, place.names);
        }
    }
    good.then_some(expr)
}

pub(super) fn read_checks(t: &Table<'_, '_>, place: &Place<'_>) -> Option<Vec<Check>> {
    let tables = t.tables("check", CHECK);
    read_each(
        t,
        &tables,
        |_, table| read_check(table, place),
        |check| &check.id,
    )
}

fn read_check(t: &Table<'_, '_>, place: &Place<'_>) -> Option<Check> {
    let id = t.need_text("id").and_then(|id| hyphen_name(t.doc, &id));
    let claim = t.need_both_languages("claim");
    let set = read_overrides(t, place, false);
    let release = read_release(t, "release", "run", place);
    let expect = t
        .need_text("expect")
        .and_then(|text| read_expr(t.doc, &text, place));
    let precondition = if t.has("precondition") {
        Some(read_expr(t.doc, &t.text("precondition")?, place)?)
    } else {
        None
    };
    let retries = t.int_within("retries", 5, 0, limit::RETRIES);
    let only = if t.has("only") {
        let systems = SystemNeed::ALL.map(|system| (system.name(), system));
        Some(t.choice("only", "linux", &systems)?)
    } else {
        None
    };
    let needs = if t.has("needs") {
        Some(t.choice("needs", "capture", &NEEDS.map(|need| (need, need)))?)
    } else {
        None
    };
    let (set, release) = (set?, release?);
    let contrast = if t.has("contrast") {
        let inner = t.table("contrast", &["set", "release"])?;
        Some(Contrast {
            set: if inner.has("set") {
                read_overrides(&inner, place, false)?
            } else {
                set.clone()
            },
            release: if inner.has("release") {
                read_release(&inner, "release", "run", place)?
            } else {
                release.clone()
            },
        })
    } else {
        None
    };
    if contrast
        .as_ref()
        .is_some_and(|c| c.set == set && c.release == release)
    {
        t.doc.problem(
            t.start,
            Said::new(phrase::FILE_SAME_CONTRAST),
            Said::new(phrase::CURE_SAME_CONTRAST),
        );
    }
    let expect = expect?;
    let needs_capture = needs == Some("capture")
        || expect.speaks_of_segments()
        || precondition.as_ref().is_some_and(Expr::speaks_of_segments);
    Some(Check {
        id: id?,
        claim: claim?,
        set,
        release,
        expect,
        contrast,
        precondition,
        retries: retries? as u32,
        only,
        needs_capture,
        needs_ordinary_user: needs == Some("ordinary-user"),
    })
}
