//! One KycCompleted from its push body to the emulators and back: read, one Commit under preconditions, publish.
//! `npm test` starts the emulators and runs these; a bare `cargo test` leaves them out, and says so.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use boma_core::{
    event::catalog::Topic,
    kernel::{
        ids::{EventId, Id, UserId},
        timestamp::Timestamp,
    },
    protocol::response::HttpResponse,
    store::{
        document::Document,
        path::DocumentPath,
        value::{Map, Value},
        write::{Change, Expected, GuardedWrite},
    },
};
use boma_google::{
    Action, Answer, CallKind, HostConfig, Rpc, Target, Tick, commit_request, decode_read, open_post, read_request,
};
use emulator_tests::Emulators;
use googleapis_tonic_google_pubsub_v1::google::pubsub::v1::{
    AcknowledgeRequest, PullRequest, PullResponse, ReceivedMessage, Subscription, Topic as ProtoTopic,
};
use prost::Message as _;
use serde_json::{Value as Json, json};

const UNAVAILABLE: i32 = 14;

/// A customer of its own for each test, in a project of its own.
struct World {
    emulators: Emulators,
    config: HostConfig,
    user: UserId,
}

impl World {
    async fn with_pending_user(project: &str) -> World {
        let config = HostConfig::new(project, "(default)");
        let user = UserId::parse("a158d2ce-5e11-5035-81bf-299f0e0d6b56").expect("an id");
        let world = World { emulators: Emulators::connect().await, config, user };
        let fields = [("kycStatus", Value::from("PENDING")), ("kycVersion", 0.into()), ("other", "kept".into())];
        let change = |(name, value): (&str, Value)| Change { field: vec![name.to_owned()], value: Some(value) };
        let changes = fields.into_iter().map(change).collect();
        let write = GuardedWrite { path: DocumentPath::user(user), changes, expected: Expected::Absent };
        world.done(&commit_request(&world.config, vec![write], 5_000)).await;
        world.make_topic(Topic::Notifications).await;
        world.make_topic(Topic::UserLifecycle).await;
        world.subscribe().await;
        world
    }

    async fn make_topic(&self, topic: Topic) {
        let topic = ProtoTopic { name: self.topic(topic), ..Default::default() };
        self.pubsub("/google.pubsub.v1.Publisher/CreateTopic", &topic).await;
    }

    /// To what access hears.
    async fn subscribe(&self) {
        let subscription = Subscription {
            name: self.subscription(),
            topic: self.topic(Topic::UserLifecycle),
            enable_message_ordering: true,
            ..Default::default()
        };
        self.pubsub("/google.pubsub.v1.Subscriber/CreateSubscription", &subscription).await;
    }

    fn topic(&self, topic: Topic) -> String {
        format!("projects/{}/topics/{topic}", self.config.project)
    }

    fn subscription(&self) -> String {
        format!("projects/{}/subscriptions/test", self.config.project)
    }

    async fn pubsub(&self, path: &'static str, request: &impl prost::Message) -> Vec<Vec<u8>> {
        let bytes = request.encode_to_vec();
        let (target, kind) = (Target::PubSub, CallKind::Unary);
        self.done(&Rpc { target, path, kind, timeout_ms: 5_000, metadata: Vec::new(), bytes }).await
    }

    async fn done(&self, rpc: &Rpc) -> Vec<Vec<u8>> {
        match self.emulators.call(rpc).await {
            Answer::Rpc { messages, status: 0 } => messages,
            other @ (Answer::Rpc { .. } | Answer::Begin | Answer::Body(..) | Answer::Fetched(_) | Answer::Waited) => {
                panic!("{}: {other:?}", rpc.path)
            }
        }
    }

    async fn user(&self) -> Document {
        let paths = [DocumentPath::user(self.user)];
        let messages = self.done(&read_request(&self.config, &paths, &[], 5_000)).await;
        decode_read(&self.config, &paths, &messages).expect("an answer").get(&paths[0]).expect("the user").clone()
    }

    /// What has come to user-lifecycle since the last look, each message with its ordering key.
    async fn published(&self) -> Vec<(String, Json)> {
        #[expect(deprecated, reason = "the only way to be answered at once when there is nothing")]
        let pull = PullRequest { subscription: self.subscription(), max_messages: 10, return_immediately: true };
        let messages = self.pubsub("/google.pubsub.v1.Subscriber/Pull", &pull).await;
        let response = PullResponse::decode(messages[0].as_slice()).expect("a pull response");
        let ack_ids: Vec<_> = response.received_messages.iter().map(|received| received.ack_id.clone()).collect();
        if !ack_ids.is_empty() {
            let acknowledge = AcknowledgeRequest { subscription: self.subscription(), ack_ids };
            self.pubsub("/google.pubsub.v1.Subscriber/Acknowledge", &acknowledge).await;
        }
        let message = |received: ReceivedMessage| {
            let message = received.message.expect("a message");
            (message.ordering_key, serde_json::from_slice(&message.data).expect("JSON"))
        };
        response.received_messages.into_iter().map(message).collect()
    }

    /// Delivers the event; `lose_commit` does the first Commit and then says that nobody knows.
    async fn deliver(&self, lose_commit: bool) -> HttpResponse {
        let mut invocation = open_post(&kyc::FUNCTION, self.push_body(), self.config.clone(), None);
        let (mut answer, mut commits) = (Answer::Begin, 0);
        loop {
            match invocation.next(answer, Tick { now: now(), random: 1 }) {
                Action::Rpc(rpc) => {
                    answer = self.emulators.call(&rpc).await;
                    commits += usize::from(rpc.path.ends_with("/Commit"));
                    if lose_commit && commits == 1 && rpc.path.ends_with("/Commit") {
                        answer = Answer::Rpc { messages: Vec::new(), status: UNAVAILABLE };
                    }
                }
                Action::Wait { ms } => {
                    tokio::time::sleep(std::time::Duration::from_millis(ms.into())).await;
                    answer = Answer::Waited;
                }
                Action::Done(response) => return response,
                Action::Body => unreachable!("the request was given whole"),
                Action::Fetch(_) => unreachable!("only operators' tokens are looked up"),
            }
        }
    }

    fn push_body(&self) -> Vec<u8> {
        let event = json!({
            "specversion": "1.0", "id": "00000000-0000-4000-8000-000000000001", "source": "//test",
            "type": "KycCompleted", "subject": self.user.to_string(), "time": "2026-01-01T00:00:00Z",
            "data": { "decision": "APPROVED", "provider": "test", "reviewId": "r-1" },
        });
        let data = BASE64_STANDARD.encode(event.to_string());
        json!({ "message": { "data": data, "messageId": "1", "orderingKey": self.user.to_string() } })
            .to_string()
            .into_bytes()
    }
}

#[expect(clippy::disallowed_methods, reason = "a test against real servers is its own host, and hosts have a clock")]
fn now() -> Timestamp {
    let micros = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_micros();
    i64::try_from(micros).ok().and_then(Timestamp::from_micros).expect("in range")
}

fn approved_once(user: &Document) {
    let fields: Map = [("kycStatus", "APPROVED".into()), ("kycVersion", 1.into()), ("other", "kept".into())]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect();
    let without_time: Map =
        user.fields.iter().filter(|(name, _)| *name != "updatedAt").map(|(n, v)| (n.clone(), v.clone())).collect();
    assert_eq!(without_time, fields, "one edge taken, and nothing else touched");
}

#[tokio::test]
#[ignore = "needs the emulators: npm test"]
async fn is_read_committed_and_published() {
    let world = World::with_pending_user("boma-straight").await;
    assert_eq!(world.deliver(false).await.outcome(), "APPLIED");
    approved_once(&world.user().await);
    let published = world.published().await;
    let [(key, event)] = &published[..] else { panic!("not one message: {published:?}") };
    assert_eq!(*key, world.user.to_string());
    assert_eq!(event["type"], "UserActive");
    assert_eq!(event["data"], json!({ "version": 1 }));
    assert_eq!(event["causationid"], "00000000-0000-4000-8000-000000000001");
}

#[tokio::test]
#[ignore = "needs the emulators: npm test"]
async fn is_applied_once_and_published_though_the_commits_answer_is_lost() {
    let world = World::with_pending_user("boma-lost").await;
    assert_eq!(world.deliver(true).await.outcome(), "DUPLICATE", "the second look finds the record of the first");
    approved_once(&world.user().await);
    assert_eq!(world.published().await.len(), 1);
}

#[tokio::test]
#[ignore = "needs the emulators: npm test"]
async fn delivered_twice_is_applied_once_and_published_twice_under_one_id() {
    let world = World::with_pending_user("boma-twice").await;
    assert_eq!(world.deliver(false).await.outcome(), "APPLIED");
    let first = world.published().await;
    assert_eq!(world.deliver(false).await.outcome(), "DUPLICATE");
    approved_once(&world.user().await);
    let again = world.published().await;
    assert_eq!(again.last().expect("published again").1["id"], first[0].1["id"]);
}

#[tokio::test]
#[ignore = "needs the emulators: npm test"]
async fn is_told_in_the_timeline_in_place_of_whatever_stands_there() {
    let world = World::with_pending_user("boma-timeline").await;
    let event = EventId::parse("00000000-0000-4000-8000-000000000001").expect("an id");
    let path = DocumentPath::timeline_entry(world.user, "kyc", event);
    let stale = Change { field: vec!["stale".to_owned()], value: Some(true.into()) };
    let write = GuardedWrite { path: path.clone(), changes: vec![stale], expected: Expected::Absent };
    world.done(&commit_request(&world.config, vec![write], 5_000)).await;
    assert_eq!(world.deliver(false).await.outcome(), "APPLIED");
    let paths = [path];
    let messages = world.done(&read_request(&world.config, &paths, &[], 5_000)).await;
    let snapshot = decode_read(&world.config, &paths, &messages).expect("an answer");
    let names: Vec<_> = snapshot.get(&paths[0]).expect("the entry").fields.keys().map(String::as_str).collect();
    assert_eq!(names, ["at", "by", "changes", "from", "recordedAt", "source", "to", "type"]);
}
