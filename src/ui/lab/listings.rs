//! The programs as source text, generated anew only when something in them has changed.

use crate::experiment::codegen::{self, CodeContext, Language, Listing, MessageList, Place};
use crate::i18n::Lang;
use crate::lesson::{EXTERNAL_PORT, Lesson, Settings};
use crate::trace::{ActorId, Trace};

/// What a listing was made from.
#[derive(Clone, Debug, PartialEq)]
struct Made {
    lesson: String,
    settings: Settings,
    language: Language,
    lang: Lang,
    places: Vec<Option<(String, u16)>>,
    external: Vec<bool>,
}

/// The listings of a lesson's actors.
#[derive(Debug, Default)]
pub(super) struct Listings {
    made: Option<Made>,
    listings: Vec<(ActorId, Listing)>,
}

impl Listings {
    /// Brings them up to date.
    pub(super) fn update(
        &mut self,
        lesson: &Lesson,
        settings: &Settings,
        language: Language,
        lang: Lang,
        trace: &Trace,
        external: &[bool],
    ) {
        let places: Vec<_> = (0..lesson.actors.len())
            .map(|at| listening_at(trace, ActorId(at as u8)))
            .collect();
        let made = Made {
            lesson: lesson.id.clone(),
            settings: settings.clone(),
            language,
            lang,
            places,
            external: external.to_vec(),
        };
        if self.made.as_ref() == Some(&made) {
            return;
        }
        let value = |name: &str| settings.get(name).map(ToString::to_string);
        let place = |name: &str| {
            let at = lesson.actor_id(name)?;
            let program = &lesson.actors[usize::from(at.0)].program;
            if let Some(path) = program.bound_path() {
                return Some(Place::Path(path.to_owned()));
            }
            let (host, port) = made.places[usize::from(at.0)].clone().or_else(|| {
                external
                    .get(usize::from(at.0))
                    .is_some_and(|e| *e)
                    .then(|| ("127.0.0.1".to_owned(), EXTERNAL_PORT))
            })?;
            Some(Place::Host(host, port))
        };
        let messages = lesson.messages.resolve(settings);
        self.listings = lesson
            .actors
            .iter()
            .enumerate()
            .map(|(at, actor)| {
                let context = CodeContext {
                    lang,
                    actor: &actor.name,
                    value: &value,
                    place: &place,
                    framing: &settings.framing,
                    limit: lesson.frame_limit(settings),
                    messages: MessageList {
                        texts: messages.texts(),
                        count: messages.count(),
                        size: messages.size(),
                        numbered: messages.numbered(),
                    },
                };
                let listing = codegen::generate(language, &actor.program, &context);
                (ActorId(at as u8), listing)
            })
            .collect();
        self.made = Some(made);
    }

    /// The listings, by actor.
    pub(super) fn all(&self) -> Vec<(ActorId, &Listing)> {
        self.listings
            .iter()
            .map(|(actor, listing)| (*actor, listing))
            .collect()
    }
}

/// Host and port at which that actor's first listening socket was bound in this run.
pub(super) fn listening_at(trace: &Trace, actor: ActorId) -> Option<(String, u16)> {
    let socket = trace
        .sockets()
        .iter()
        .find(|s| s.actor == actor && s.listening)?;
    let (host, port) = socket.local.as_deref()?.rsplit_once(':')?;
    let host = host.trim_start_matches('[').trim_end_matches(']');
    Some((host.to_owned(), port.parse().ok()?))
}
