//! Carries the bytes of an Rpc to an emulator and back, as the shim does, so that what Rust says can be tested without it.

use boma_google::{Answer, Rpc, Target};
use bytes::{Buf, BufMut, Bytes};
use tonic::{
    Request, Status,
    client::Grpc,
    codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    metadata::MetadataKey,
    transport::{Channel, Endpoint},
};

/// Both emulators' addresses come from the environment: `npm test` starts them.
#[derive(Clone, Debug)]
pub struct Emulators {
    firestore: Channel,
    pubsub: Channel,
}

impl Emulators {
    pub async fn connect() -> Emulators {
        Emulators { firestore: channel("FIRESTORE_EMULATOR_HOST").await, pubsub: channel("PUBSUB_EMULATOR_HOST").await }
    }

    /// The messages and the status that the call comes to. Every kind of call is answered with a stream of messages.
    pub async fn call(&self, rpc: &Rpc) -> Answer {
        let channel = match rpc.target {
            Target::Firestore => &self.firestore,
            Target::PubSub => &self.pubsub,
            Target::BigQuery => panic!("no delivery of a message appends"),
        };
        match call(channel.clone(), rpc).await {
            Ok(messages) => Answer::Rpc { messages, status: 0 },
            Err(status) => Answer::Rpc { messages: Vec::new(), status: status.code().into() },
        }
    }
}

async fn channel(variable: &str) -> Channel {
    let address = std::env::var(variable).unwrap_or_else(|_| panic!("{variable} is not set: npm test sets it"));
    let endpoint = Endpoint::from_shared(format!("http://{address}")).expect("an address");
    endpoint.connect().await.unwrap_or_else(|error| panic!("no emulator at {address}: {error}"))
}

async fn call(channel: Channel, rpc: &Rpc) -> Result<Vec<Vec<u8>>, Status> {
    let mut request = Request::new(Bytes::from(rpc.bytes.clone()));
    request.set_timeout(std::time::Duration::from_millis(rpc.timeout_ms.into()));
    let metadata = request.metadata_mut();
    metadata.insert("authorization", "Bearer owner".parse().expect("a header"));
    for (name, value) in &rpc.metadata {
        let name = MetadataKey::from_bytes(name.as_bytes()).expect("a header's name");
        metadata.insert(name, value.parse().expect("a header's value"));
    }
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let path = http::uri::PathAndQuery::from_static(rpc.path);
    let mut stream = grpc.server_streaming(request, path, Raw).await?.into_inner();
    let mut messages = Vec::new();
    while let Some(message) = stream.message().await? {
        messages.push(message);
    }
    Ok(messages)
}

/// Bytes as they are, both ways.
#[derive(Clone, Copy, Debug)]
struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Vec<u8>;
    type Encoder = Raw;
    type Decoder = Raw;

    fn encoder(&mut self) -> Raw {
        Raw
    }

    fn decoder(&mut self) -> Raw {
        Raw
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, bytes: Bytes, out: &mut EncodeBuf<'_>) -> Result<(), Status> {
        out.put(bytes);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Vec<u8>;
    type Error = Status;

    fn decode(&mut self, bytes: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let mut message = vec![0; bytes.remaining()];
        bytes.copy_to_slice(&mut message);
        Ok(Some(message))
    }
}
