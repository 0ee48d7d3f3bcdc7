-- What was made of what, where a slice's own rows do not say it in a column: the slice writes the links to a thing with the thing.
create table lineage_links (
  tenant_id text not null,
  env text not null,
  from_id text not null,
  to_id text not null,
  how text not null,
  primary key (tenant_id, env, from_id, to_id)
);
create index lineage_links_back on lineage_links (tenant_id, env, to_id);

-- Atoms that are no parts: an asset's parts may be thousands.
create index atoms_of_asset on atoms (tenant_id, env, parent_asset_id, seq) where part = 0;

-- What is stored already. Only what has the form of an id becomes a link. The tables' owner is held to one tenant too where it is
-- no superuser; each start puts that back.
alter table packs no force row level security;
alter table cards no force row level security;
alter table card_revisions no force row level security;
insert into lineage_links (tenant_id, env, from_id, to_id, how)
select p.tenant_id, p.env, r.value ->> 'card_id', p.pack_id, 'card_ref' from packs p cross join lateral jsonb_array_elements(p.card_refs::jsonb) r(value)
on conflict do nothing;
insert into lineage_links (tenant_id, env, from_id, to_id, how)
select c.tenant_id, c.env, r.value #>> '{}', c.card_id, c.how
from (
  select tenant_id, env, card_id, header::jsonb -> 'artifact_refs' as refs, 'artifact_ref' as how from cards where header like '%"artifact_refs"%'
  union all select tenant_id, env, card_id, header::jsonb -> 'artifact_refs', 'earlier_artifact_ref' from card_revisions where header like '%"artifact_refs"%'
) c cross join lateral jsonb_array_elements(case jsonb_typeof(c.refs) when 'array' then c.refs else '[]'::jsonb end) r(value)
where jsonb_typeof(r.value) = 'string' and r.value #>> '{}' ~ '^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[a-z]{3}_[0-9a-f]{64})$'
order by c.how on conflict do nothing;
