-- What was said about training on content: user_id is empty for the tenant's own word. t_system's counts where a tenant has said nothing.
create table training_preferences (
  tenant_id text not null,
  env text not null,
  user_id text not null,
  opt_out boolean not null,
  version bigint not null,
  updated_at bigint not null,
  updated_by text not null,
  seq bigint not null,
  primary key (tenant_id, env, user_id)
);

-- Whether anybody of the log's tenant and env ever said anything: where not, an append need not ask.
alter table log_heads add column has_preferences boolean not null default false;
