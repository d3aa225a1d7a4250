//! The desk: requests to models with their replies, and the account of every call.
//!
//! A request is kept as it was first built and a reply as it first came; neither is ever overwritten.
//! Decides no budget: it only sees to it that two callers do not both take what is there for one.

use async_trait::async_trait;
use domain::{
    Ask, AskId, Budget, Call, CallEnd, CallId, Desk, MemoryId, Reply, Reserved, RunId, SessionId,
    Shows, StoreError, TurnId, Usage,
};
use jiff::Timestamp;
use serde::Serialize;

use crate::engine::{Row, Tx, Value, list, sql, values};
use crate::write::journal::{Counter, take_numbers};
use crate::{Store, fault};

sql! {
    /// What was built first is what holds.
    FREEZE in "asks":
        "INSERT INTO asks (tenant, id, owner, about, session, prompt, model, request, asked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (tenant, id) DO NOTHING";
    ASK in "asks":
        "SELECT * FROM asks WHERE tenant = $1 AND id = $2 AND owner = $3";
    ANSWERED in "asks":
        "SELECT id FROM asks WHERE tenant = $1 AND id = $2 AND owner = $3 AND reply IS NOT NULL";
    /// A reply once bought is never overwritten.
    ANSWER in "asks":
        "UPDATE asks SET reply = $4, ended = $5, answered_at = $6, input_tokens = $7, output_tokens = $8
         WHERE tenant = $1 AND id = $2 AND owner = $3 AND reply IS NULL";
    TURNS_THERE in "turns":
        "SELECT COUNT(*) AS number FROM turns
         WHERE tenant = $1 AND owner = $2 AND id IN (SELECT value FROM json_each($3))";
    MEMORIES_THERE in "memories":
        "SELECT COUNT(*) AS number FROM memories
         WHERE tenant = $1 AND id IN (SELECT value FROM json_each($2))";
    SPENT_SINCE in "calls":
        "SELECT CAST(COALESCE(SUM(tokens), 0) AS BIGINT) AS tokens FROM calls
         WHERE tenant = $1 AND owner = $2 AND at >= $3";
    SPENT_ON in "calls":
        "SELECT CAST(COALESCE(SUM(tokens), 0) AS BIGINT) AS tokens FROM calls
         WHERE tenant = $1 AND owner = $2 AND session = $3";
    RESERVE in "calls":
        "INSERT INTO calls (tenant, id, owner, ask, run, session, host, model, at, tokens, price_in, price_out)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    CALLED in "calls":
        "SELECT ask FROM calls WHERE tenant = $1 AND id = $2 AND owner = $3";
    SETTLE in "calls":
        "UPDATE calls SET ended = $3, why = $4, tokens = COALESCE($5, tokens),
            input_tokens = $6, output_tokens = $7
         WHERE tenant = $1 AND id = $2 AND ended IS NULL";
    /// A reply that came in another way, as out of a batch, ends the calls that were made for it.
    SETTLE_OPEN in "calls":
        "UPDATE calls SET ended = 'answered', tokens = $3, input_tokens = $4, output_tokens = $5
         WHERE tenant = $1 AND ask = $2 AND ended IS NULL";
    /// Each host and model with what went there. What never went out was no call.
    ACCOUNT in "calls":
        "SELECT host, model, COUNT(*) AS calls, MAX(at) AS last_at,
            CAST(COALESCE(SUM(CASE WHEN ended = 'answered' THEN 1 ELSE 0 END), 0) AS BIGINT) AS answered,
            CAST(COALESCE(SUM(tokens), 0) AS BIGINT) AS tokens,
            CAST(COALESCE(SUM(input_tokens), 0) AS BIGINT) AS input_tokens,
            CAST(COALESCE(SUM(output_tokens), 0) AS BIGINT) AS output_tokens,
            CAST(COALESCE(SUM(input_tokens * price_in + output_tokens * price_out), 0) AS BIGINT) AS price
         FROM calls
         WHERE tenant = $1 AND owner = $2 AND at >= $3 AND (CAST($4 AS BIGINT) IS NULL OR run = $4)
           AND (ended IS NULL OR ended <> 'unsent')
         GROUP BY host, model ORDER BY host, model";
}

/// What went to one model of one host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Account {
    /// The host.
    pub host: String,
    /// The model.
    pub model: String,
    /// How many calls were made.
    pub calls: u64,
    /// How many of them brought a reply.
    pub answered: u64,
    /// What counts against the budgets: measured where there is a reply, else what was set aside.
    pub tokens: u64,
    /// What the replies cost, as their servers count.
    #[serde(flatten)]
    pub usage: Usage,
    /// What that is worth in millionths, where prices are known.
    pub cost_millionths: u64,
    /// When the last call was made.
    pub last_at: Timestamp,
}

impl Store {
    /// Returns where words went since an instant, and what it cost; of one run, or of all.
    pub async fn account(
        &self,
        since: Timestamp,
        run: Option<RunId>,
    ) -> Result<Vec<Account>, StoreError> {
        let asked = values![
            &self.who.tenant,
            &self.who.owner,
            since,
            run.map(|run| run.0)
        ];
        let rows = self.pool.all(ACCOUNT, &asked).await?;
        rows.iter().map(account).collect()
    }
}

#[async_trait]
impl Desk for Store {
    async fn freeze(&self, ask: &Ask, shows: &Shows) -> Result<Option<Ask>, StoreError> {
        let (tenant, owner) = (&self.who.tenant, &self.who.owner);
        let request = serde_json::to_string(&ask.request).expect("a request is plain text");
        let mut tx = self.pool.write().await?;
        if !all_there(&mut tx, self, shows).await? {
            return Ok(None);
        }
        let cells = values![
            tenant,
            &ask.id,
            owner,
            &ask.about,
            &ask.session,
            &ask.prompt,
            &ask.model,
            request,
            ask.asked_at,
        ];
        tx.run(FREEZE, &cells).await?;
        let kept = tx.first(ASK, &values![tenant, &ask.id, owner]).await?;
        tx.commit().await?;
        kept.as_ref().map(read).transpose()
    }

    async fn is_answered(&self, ask: &AskId) -> Result<bool, StoreError> {
        let named = values![&self.who.tenant, ask, &self.who.owner];
        Ok(self.pool.first(ANSWERED, &named).await?.is_some())
    }

    async fn reserve(&self, call: &Call, budget: &Budget) -> Result<Reserved, StoreError> {
        let (tenant, owner) = (&self.who.tenant, &self.who.owner);
        let mut tx = self.pool.write().await?;
        // On a server this number holds the next caller off until we are done.
        let id = take_numbers(&mut tx, tenant, Counter::Call, 1).await?;
        let since = values![tenant, owner, budget.day_begins];
        if spent(&mut tx, SPENT_SINCE, &since).await? + call.tokens > budget.day_tokens {
            return Ok(Reserved::DayFull);
        }
        if let Some(session) = &call.session {
            let on = values![tenant, owner, session];
            if spent(&mut tx, SPENT_ON, &on).await? + call.tokens > budget.session_tokens {
                return Ok(Reserved::SessionFull);
            }
        }
        let cells = values![
            tenant,
            id,
            owner,
            &call.ask,
            call.run.map(|run| run.0),
            &call.session,
            &call.host,
            &call.model,
            call.at,
            number(call.tokens),
            i64::from(call.price.input),
            i64::from(call.price.output),
        ];
        tx.run(RESERVE, &cells).await?;
        tx.commit().await?;
        fault::point("call.reserved");
        Ok(Reserved::Yes(CallId(id)))
    }

    async fn settle(&self, id: CallId, end: &CallEnd) -> Result<(), StoreError> {
        let (tenant, owner) = (&self.who.tenant, &self.who.owner);
        let mut tx = self.pool.write().await?;
        let called = tx.first(CALLED, &values![tenant, id.0, owner]).await?;
        let Some(called) = called else {
            return Err(StoreError::Refused(format!("call {} is not known", id.0)));
        };
        let (word, why, tokens, usage) = match end {
            CallEnd::Answered(reply) => {
                answer(&mut tx, self, &AskId::new(called.text("ask")?), reply).await?;
                ("answered", None, Some(total(reply.usage)), reply.usage)
            }
            CallEnd::Broken(why) => ("broken", Some(why.as_str()), None, Usage::default()),
            CallEnd::Unheard(why) => ("unheard", Some(why.as_str()), Some(0), Usage::default()),
            CallEnd::Unsent(why) => ("unsent", Some(why.as_str()), Some(0), Usage::default()),
        };
        let cells = values![
            tenant,
            id.0,
            word,
            Value::Text(why.map(Into::into)),
            Value::Int(tokens.map(number)),
            number(usage.input_tokens),
            number(usage.output_tokens),
        ];
        tx.run(SETTLE, &cells).await?;
        fault::point("call.before-settled");
        tx.commit().await?;
        fault::point("call.settled");
        Ok(())
    }

    async fn answer(&self, ask: &AskId, reply: &Reply) -> Result<(), StoreError> {
        let mut tx = self.pool.write().await?;
        answer(&mut tx, self, ask, reply).await?;
        let usage = reply.usage;
        let cells = values![
            &self.who.tenant,
            ask,
            number(total(usage)),
            number(usage.input_tokens),
            number(usage.output_tokens),
        ];
        tx.run(SETTLE_OPEN, &cells).await?;
        tx.commit().await
    }
}

/// Says whether everything that a request shows is still kept.
async fn all_there(tx: &mut Tx, store: &Store, shows: &Shows) -> Result<bool, StoreError> {
    let tenant = &store.who.tenant;
    let turns = values![
        tenant,
        &store.who.owner,
        list(shows.turns.iter().map(TurnId::as_str))
    ];
    let memories = values![tenant, list(shows.memories.iter().map(MemoryId::as_str))];
    Ok(count(tx, TURNS_THERE, &turns).await? == shows.turns.len()
        && count(tx, MEMORIES_THERE, &memories).await? == shows.memories.len())
}

async fn count(
    tx: &mut Tx,
    sql: crate::engine::Sql,
    values: &[Value<'_>],
) -> Result<usize, StoreError> {
    let row = tx.first(sql, values).await?;
    let number = row.map_or(Ok(0), |row| row.count("number"))?;
    Ok(usize::try_from(number).unwrap_or(usize::MAX))
}

async fn spent(
    tx: &mut Tx,
    sql: crate::engine::Sql,
    values: &[Value<'_>],
) -> Result<u64, StoreError> {
    let row = tx.first(sql, values).await?;
    row.map_or(Ok(0), |row| row.count("tokens"))
}

async fn answer(tx: &mut Tx, store: &Store, id: &AskId, reply: &Reply) -> Result<(), StoreError> {
    let ended = match reply.ended {
        domain::Ended::Whole => "whole",
        domain::Ended::Cut => "cut",
    };
    let cells = values![
        &store.who.tenant,
        id,
        &store.who.owner,
        &reply.text,
        ended,
        reply.at,
        number(reply.usage.input_tokens),
        number(reply.usage.output_tokens),
    ];
    tx.run(ANSWER, &cells).await?;
    Ok(())
}

fn total(usage: Usage) -> u64 {
    usage.input_tokens + usage.output_tokens
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn read(row: &Row) -> Result<Ask, StoreError> {
    Ok(Ask {
        id: AskId::new(row.text("id")?),
        about: row.text("about")?,
        session: row.text_or_none("session")?.map(SessionId::new),
        prompt: row.text("prompt")?,
        model: row.text("model")?,
        request: row.json("request")?,
        asked_at: row.time("asked_at")?,
        reply: reply(row)?,
    })
}

fn reply(row: &Row) -> Result<Option<Reply>, StoreError> {
    let Some(text) = row.text_or_none("reply")? else {
        return Ok(None);
    };
    let ended = row.word("ended", |word| match word {
        "whole" => Some(domain::Ended::Whole),
        "cut" => Some(domain::Ended::Cut),
        _ => None,
    })?;
    Ok(Some(Reply {
        text,
        ended,
        at: row.time("answered_at")?,
        usage: Usage {
            input_tokens: row.count("input_tokens")?,
            output_tokens: row.count("output_tokens")?,
        },
    }))
}

fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        host: row.text("host")?,
        model: row.text("model")?,
        calls: row.count("calls")?,
        answered: row.count("answered")?,
        tokens: row.count("tokens")?,
        usage: Usage {
            input_tokens: row.count("input_tokens")?,
            output_tokens: row.count("output_tokens")?,
        },
        // Cents for a million tokens, times tokens, in hundredths of a millionth of the whole.
        cost_millionths: row.count("price")? / 100,
        last_at: row.time("last_at")?,
    })
}
