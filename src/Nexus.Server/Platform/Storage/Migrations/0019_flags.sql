-- Feature flags as each layer wrote them, every version for good: t_system's count for tenants that wrote none of their own.
-- definition is canonical JSON in flagd's shape, or of state and defaultVariant alone: a change to the layer below. Null: taken back.
-- The key $evaluators holds what $ref names. version is the layer's, one more with each write of it.
create table flags (
  tenant_id text not null,
  env text not null,
  key text not null,
  version bigint not null,
  definition text,
  is_current boolean not null,
  updated_at bigint not null,
  updated_by text not null,
  seq bigint not null,
  primary key (tenant_id, env, key, version)
);
create index flags_current on flags (tenant_id, env, key) where is_current;

-- The newest version of each layer.
create table flag_versions (
  tenant_id text not null,
  env text not null,
  version bigint not null,
  seq bigint not null,
  primary key (tenant_id, env)
);
