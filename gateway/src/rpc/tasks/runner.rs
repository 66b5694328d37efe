//! Runs one round of a task: calls the worker, and writes down what it says.
//!
//! A round ends with the task, or with questions; the answers begin the next round, wherever that is
//! run. So nothing waits for people, and a task may take longer than any instance lives.

use bytes::Bytes;
use penstock_protocol::RawValue;
use penstock_protocol::call::Input;
use penstock_protocol::frame::InputRequired;
use serde::Deserialize;
use serde_json::Number;
use tokio::time::{Instant, MissedTickBehavior, interval_at};

use super::id::{TaskId, Ticket};
use super::record::{Asked, Questions, Record, State, Task, Working, client_key};
use super::saved::SavedCall;
use super::{LEASE_MARGIN, LOOK, MAX_MESSAGE, MAX_ROUNDS, clock, pieces, start};
use crate::access::{Access, Outcome};
use crate::gateway::{Gateway, PlatformDeadline};
use crate::identity;
use crate::relay::{Additions, Collector, Heard, ResultShape};
use crate::rpc::call::cancellation;
use crate::rpc::failure::Failure;
use crate::rpc::input::capability;

/// Runs the round a ticket stands for. False if it is no ticket of this gateway's.
pub(crate) async fn run(gateway: &Gateway, ticket: &str, platform: Option<PlatformDeadline>) -> bool {
    let Some(ticket) = Ticket::open(gateway, ticket) else { return false };
    let mut access = Access::new("tasks/run");
    if let Err(failure) = round(gateway, ticket, platform, &mut access).await {
        // The store is at fault: nobody can be told but the log. The task is given up in time.
        access.failure(&failure);
    }
    true
}

async fn round(
    gateway: &Gateway,
    ticket: Ticket,
    platform: Option<PlatformDeadline>,
    access: &mut Access,
) -> Result<(), Failure> {
    let Ticket { id, round, .. } = ticket;
    let Some(mut task) = Task::open(gateway, id).await? else { return Ok(()) };
    access.entry(&task.record.tool);
    let Some(mut runner) = Runner::claim(&mut task, round).await? else { return Ok(()) };
    match runner.call(gateway, platform, access).await {
        Ok(Some(last)) => runner.settle(gateway, last, access).await,
        Ok(None) => Ok(()),
        Err(failure) => runner.fail(&failure, access).await,
    }
}

/// Who runs a round, and nobody else does.
struct Runner<'a> {
    task: &'a mut Task,
    name: String,
    round: u32,
    asked: Option<Asked>,
    /// What the worker said last about its progress.
    message: Option<String>,
    client_capabilities: Option<Box<RawValue>>,
}

impl<'a> Runner<'a> {
    /// Claims a round; `None` if another runner has it, it is over, or it has been waiting for too long.
    async fn claim(task: &'a mut Task, round: u32) -> Result<Option<Self>, Failure> {
        let name = TaskId::random()?.to_string();
        let now_ms = task.now_ms();
        task.change(|record| {
            let lease_ms = now_ms + record.timeout_ms + clock::millis(LEASE_MARGIN);
            match &mut record.state {
                State::Working(working)
                    if working.round == round && working.runner.is_none() && !working.is_over(now_ms) =>
                {
                    working.runner = Some(name.clone());
                    working.lease_ms = lease_ms;
                    true
                }
                _ => false,
            }
        })
        .await?;
        // Asked of the record, not of the write: one that was repeated on the way meets itself.
        let Some(working) = task.record.state.run_by(&name) else { return Ok(None) };
        let asked = working.asked.clone();
        Ok(Some(Self { task, name, round, asked, message: None, client_capabilities: None }))
    }

    /// Calls the worker and hears it out; `None` if nobody wants to know any more.
    async fn call(
        &mut self,
        gateway: &Gateway,
        platform: Option<PlatformDeadline>,
        access: &mut Access,
    ) -> Result<Option<Heard>, Failure> {
        let saved = pieces::read(self.task.store(), &self.task.call_key(), self.task.record.call).await?;
        let saved: SavedCall = saved.and_then(|saved| serde_json::from_slice(&saved).ok()).ok_or(Failure::TaskLost)?;
        let record = cancellation::new_record(gateway, saved.function())?;
        let output = saved.output()?;
        access.function(saved.function());
        let rounds = saved.into_rounds(platform, record);
        self.client_capabilities.clone_from(&rounds.context.client_capabilities);
        let input = match &self.asked {
            None => rounds.context.input.clone(),
            Some(asked) => Some(self.input(asked).await?),
        };
        let (upstream, deadline) = rounds.invoke(gateway, input);
        let additions = Additions::Stateless { server_info: identity::server_info_json(), caching: None };
        let result = ResultShape { additions, output };
        let mut collector = Collector::new(gateway, rounds.contract, result, upstream, deadline);
        let mut look = interval_at(Instant::now() + LOOK, LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                heard = collector.next() => match heard {
                    Heard::Progress(frame) => self.message = status_message(&frame).or(self.message.take()),
                    Heard::Failed(failure) => return Ok(Some(Heard::Failed(failure))),
                    last => {
                        collector.release();
                        return Ok(Some(last));
                    }
                },
                _ = look.tick() => if !self.is_wanted().await {
                    if let Some(record) = &rounds.context.cancellation {
                        cancellation::leave(self.task.store(), record).await;
                    }
                    return Ok(None);
                }
            }
        }
    }

    /// What the client answered to the round before, by the worker's keys.
    async fn input(&self, asked: &Asked) -> Result<Input, Failure> {
        let mut input = Input { state: asked.state.clone(), ..Input::default() };
        for key in &asked.keys {
            let answer = self.task.answer_key(&client_key(self.round - 1, key));
            let answer = self.task.store().get(&answer).await?.ok_or(Failure::TaskLost)?;
            let answer: Box<RawValue> = serde_json::from_slice(&answer.value).map_err(|_| Failure::TaskLost)?;
            input.responses.insert(key.clone(), answer);
        }
        Ok(input)
    }

    /// Writes what there is to say meanwhile, and sees whether the task is still this runner's. A store
    /// that fails for a moment does not end the call.
    async fn is_wanted(&mut self) -> bool {
        let (name, message) = (&self.name, self.message.take());
        let looked = match message {
            None => self.task.refresh().await,
            Some(message) => {
                let say = |record: &mut Record| {
                    record.message = Some(message.clone());
                    record.state.run_by(name).is_some()
                };
                self.task.change(say).await.map(|_| ())
            }
        };
        looked.is_err() || self.task.record.state.run_by(name).is_some()
    }

    /// Writes down the worker's last word.
    async fn settle(mut self, gateway: &Gateway, last: Heard, access: &mut Access) -> Result<(), Failure> {
        match last {
            Heard::Result(result) => {
                let (store, key, expires) = (self.task.store(), self.task.result_key(), self.task.expires());
                let stored = pieces::write(store, &key, &result, expires).await?;
                access.outcome(Outcome::Completed);
                self.end(State::Completed(stored)).await
            }
            Heard::Question(question) => match self.ask(question).await {
                Ok(()) => {
                    access.outcome(Outcome::InputRequired);
                    self.go_on(gateway).await
                }
                Err(failure) => self.fail(&failure, access).await,
            },
            Heard::Error(error) => {
                access.outcome(Outcome::WorkerError);
                self.message = Some(error.message.clone().into_owned());
                self.end(State::Failed(error)).await
            }
            Heard::Failed(failure) => self.fail(&failure, access).await,
            Heard::Progress(_) => Ok(()),
        }
    }

    /// Puts the worker's questions to the client; without any, the next round can begin.
    async fn ask(&mut self, question: InputRequired) -> Result<(), Failure> {
        capability::check(&question, self.client_capabilities.as_deref())?;
        if self.round >= MAX_ROUNDS {
            return Err(Failure::CannotAsk("it has asked too often"));
        }
        let InputRequired { input_requests, request_state } = question;
        let round = self.round;
        let asked = Asked { keys: input_requests.keys().cloned().collect(), state: request_state };
        let open = input_requests.into_iter().map(|(key, request)| (client_key(round, &key), request)).collect();
        let questions = Questions { round, open, asked };
        if questions.open.is_empty() {
            self.end(State::Working(Working::round(round + 1, Some(questions.asked), self.task.now_ms()))).await
        } else {
            self.end(State::InputRequired(questions)).await
        }
    }

    /// Has the next round run, if nothing was asked.
    async fn go_on(self, gateway: &Gateway) -> Result<(), Failure> {
        match self.task.record.state {
            State::Working(Working { round, runner: None, .. }) => start(gateway, self.task, round).await,
            _ => Ok(()),
        }
    }

    async fn fail(mut self, failure: &Failure, access: &mut Access) -> Result<(), Failure> {
        access.failure(failure);
        let error = failure.to_error();
        self.message = Some(error.message.clone().into_owned());
        self.end(State::Failed(error)).await
    }

    /// Ends the round, unless somebody else has ended it.
    async fn end(&mut self, state: State) -> Result<(), Failure> {
        let (name, message) = (&self.name, self.message.take().map(shortened));
        let end = |record: &mut Record| {
            if record.state.run_by(name).is_none() {
                return false;
            }
            record.state = state.clone();
            record.message = message.clone().or(record.message.take());
            true
        };
        self.task.change(end).await.map(|_| ())
    }
}

/// What a progress frame says in words.
fn status_message(frame: &Bytes) -> Option<String> {
    #[derive(Deserialize)]
    struct Progress {
        #[serde(rename = "progress")]
        done: Number,
        #[serde(default)]
        total: Option<Number>,
        #[serde(default)]
        message: Option<String>,
    }
    let Progress { done, total, message } = serde_json::from_slice(frame).ok()?;
    let figures = || total.map_or_else(|| done.to_string(), |total| format!("{done} of {total}"));
    Some(shortened(message.unwrap_or_else(figures)))
}

fn shortened(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(MAX_MESSAGE));
    text
}
