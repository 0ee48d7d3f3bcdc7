-- What happened in each trace. The append keeps it up to date, so that listing runs reads a page of this and not the log.
-- event_types is each type once, as |type||type| in the order in which they first came.
create table runs (
  tenant_id text not null,
  env text not null,
  run_id text not null,
  first_seq bigint not null,
  started_at bigint not null,
  ended_at bigint not null,
  events bigint not null,
  cards bigint not null,
  atoms bigint not null,
  event_types text not null,
  primary key (tenant_id, env, run_id)
);
create index runs_by_start on runs (tenant_id, env, first_seq);

-- The events that were recorded before.
insert into runs (tenant_id, env, run_id, first_seq, started_at, ended_at, events, cards, atoms, event_types)
select tenant_id, env, trace_id, min(first_seq), min(started_at), max(ended_at), sum(events),
  sum(case when event_type = 'card_created' then events else 0 end), sum(case when event_type = 'atom_created' then events else 0 end),
  string_agg('|' || event_type || '|', '' order by first_seq)
from (
  select tenant_id, env, trace_id, event_type, min(seq) as first_seq, min(recorded_at) as started_at, max(recorded_at) as ended_at, count(*) as events
  from events group by tenant_id, env, trace_id, event_type
) as types group by tenant_id, env, trace_id;
