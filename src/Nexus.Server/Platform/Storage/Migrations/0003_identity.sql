-- People. They belong to no tenant: one person may be a member of many.
-- email is normalised; null for who came through an issuer that gave none. issuer and subject name who signs in elsewhere.
create table users (
  user_id text primary key,
  email text,
  display_name text,
  password_hash text,
  issuer text,
  subject text,
  created_at bigint not null,
  seq bigint not null
);
create unique index users_by_email on users (email) where issuer is null;
create unique index users_by_issuer on users (issuer, subject) where issuer is not null;

create table tenants (
  tenant_id text primary key,
  name text not null,
  status text not null,
  created_at bigint not null,
  seq bigint not null
);

-- A revoked row stays: it wins over what a token still claims.
create table memberships (
  tenant_id text not null,
  user_id text not null,
  role text not null,
  status text not null,
  created_at bigint not null,
  seq bigint not null,
  primary key (tenant_id, user_id)
);
create index memberships_by_user on memberships (user_id, tenant_id);
