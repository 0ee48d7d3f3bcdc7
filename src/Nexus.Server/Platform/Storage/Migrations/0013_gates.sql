-- What is left of a rate limit's window or a day's requests. Nodes take shares of it, each in a statement of its own. name is an action,
-- or daily_requests with the env 'all'; caller is empty but for routes without a tenant. Dropped a day after it has ended.
create table allowances (
  tenant_id text not null,
  env text not null,
  name text not null,
  caller text not null,
  opened_at bigint not null,
  ends_at bigint not null,
  leased_at bigint not null,
  granted bigint not null,
  taken bigint not null,
  primary key (tenant_id, env, name, caller)
);
create index allowances_by_end on allowances (ends_at);
