-- Raw assets: bytes under a final key, which follows from tenant, env, id and file name.
create table raw_assets (
  tenant_id text not null,
  env text not null,
  asset_id text not null,
  filename text not null,
  sha256 text not null,
  size_bytes bigint not null,
  content_type text not null,
  metadata text not null,
  subject_id text,
  created_at bigint not null,
  created_by text not null,
  seq bigint not null,
  primary key (tenant_id, env, asset_id)
);
create index raw_assets_by_type on raw_assets (tenant_id, env, content_type, asset_id);

-- Keys whose bytes may have no asset: from the signing of a form until the reaper has looked at them after its end.
-- state: open (may be uploaded and registered), taken (the form has been used), registering, registered, gone (bytes are to be removed).
-- reserved: bytes of the quota that are held for it.
create table raw_uploads (
  tenant_id text not null,
  env text not null,
  asset_id text not null,
  filename text not null,
  content_type text,
  size_bytes bigint,
  reserved bigint not null,
  state text not null,
  claimed_at bigint,
  expires_at bigint not null,
  primary key (tenant_id, env, asset_id)
);
create index raw_uploads_by_end on raw_uploads (expires_at);
