-- Erasures of a person. state: requested, approved, running, done or refused; user_id and what else names the person is gone once it is
-- done or refused. approvals: JSON list of user ids, the requester's first. account: whether the person's account went too. worker and
-- lease_until: which node works on it, and until when others leave it alone. counts and erased_seqs say what was done.
create table erasures (
  tenant_id text not null,
  env text not null,
  erasure_id text not null,
  user_id text,
  state text not null,
  reason text,
  requested_by text,
  approvals text not null,
  account boolean not null,
  worker text,
  lease_until bigint,
  counts text,
  erased_seqs text,
  purged boolean,
  created_at bigint not null,
  updated_at bigint not null,
  done_at bigint,
  seq bigint not null,
  primary key (tenant_id, env, erasure_id)
);
create unique index erasures_of_person on erasures (tenant_id, user_id) where user_id is not null;

-- Things that an erasure has to take too, since they were made of what it has taken; and which it has taken. Gone when it is done.
create table erasure_items (
  tenant_id text not null,
  env text not null,
  erasure_id text not null,
  item_id text not null,
  erased boolean not null,
  primary key (tenant_id, env, erasure_id, item_id)
);
create index erasure_items_waiting on erasure_items (tenant_id, env, erasure_id) where not erased;
