//! What a run was: the header of its recording.

use super::event::ActorId;
use serde::{Deserialize, Serialize};

/// Everything about a run that does not change while it runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunMeta {
    /// Id of the lesson.
    pub lesson: String,
    /// Parameters at the start: name and value as text, in the lesson's order.
    pub settings: Vec<(String, String)>,
    /// The framing, in its text form (`raw`, `delimiter:\n`, `length:u32:big`).
    pub framing: String,
    /// Seed of everything random in the run.
    pub seed: u64,
    /// The actors; [`super::ActorId`] counts into this list.
    pub actors: Vec<ActorMeta>,
    /// Wall-clock time of the run's start, milliseconds since 1970-01-01 UTC.
    pub started_unix_ms: u64,
    /// Operating system and architecture, e.g. `linux x86_64`.
    pub platform: String,
    /// Was the run stepped by hand?
    pub step_mode: bool,
    /// Version of the program that made the run.
    pub program_version: String,
    /// In which network its sockets were, and whether its packets were captured.
    #[serde(default)]
    pub network: Network,
    /// What a relay between the ends did to the stream, in its text form (`slice:1:1`); empty for
    /// an untouched wire, and in recordings made before there was one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub attack: String,
    /// The actor that is that relay.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relay: Option<ActorId>,
    /// Actors that are threads of another, each serving one of its connections: the thread, and
    /// whose it is. They are places for threads: one that never began was not needed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub threads: Vec<(ActorId, ActorId)>,
}

impl RunMeta {
    /// Whose thread that actor is, if it is one of another actor's.
    pub fn thread_of(&self, actor: ActorId) -> Option<ActorId> {
        self.threads
            .iter()
            .find(|(thread, _)| *thread == actor)
            .map(|(_, owner)| *owner)
    }

    /// Its number among the threads of the actor whose it is, from 1.
    pub fn thread_number(&self, actor: ActorId) -> Option<usize> {
        let owner = self.thread_of(actor)?;
        self.threads_of(owner)
            .position(|thread| thread == actor)
            .map(|at| at + 1)
    }

    /// The threads of an actor, in the order in which they are used.
    pub fn threads_of(&self, owner: ActorId) -> impl Iterator<Item = ActorId> + '_ {
        let own = move |pair: &&(ActorId, ActorId)| pair.1 == owner;
        self.threads.iter().filter(own).map(|(thread, _)| *thread)
    }
}

/// In which network a run's sockets are, and whether its packets are captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Network {
    /// The computer's own; nothing was captured.
    Host {
        /// Capturing was asked for and refused: the stable name of the reason.
        refused: Option<String>,
    },
    /// One in which every packet of the run is captured; a private one unless it says otherwise.
    Captured {
        /// Largest packet, bytes.
        mtu: u32,
        /// What is not as the system has it by itself: name and value as text.
        settings: Vec<(String, String)>,
        /// Settings that the system refused.
        not_granted: Vec<String>,
        /// Not a private one, but the computer's own loopback, on which this program may capture:
        /// the stable name of the reason why there is no private one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        on_host: Option<String>,
    },
}

impl Default for Network {
    fn default() -> Self {
        Network::Host { refused: None }
    }
}

impl Network {
    /// Are packets captured in it?
    pub fn is_captured(&self) -> bool {
        matches!(self, Network::Captured { .. })
    }
}

/// One actor of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActorMeta {
    /// Name in the lesson file (`client`).
    pub name: String,
    /// The part it plays.
    pub role: Role,
    /// Played by a program outside the lab: its calls are not recorded, its bytes are external.
    pub external: bool,
}

/// The part an actor plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Role {
    /// It connects.
    Client,
    /// It listens.
    Server,
    /// Neither, or both.
    Other,
}
