-- Contents of events before this one were erased by age.
alter table log_heads add column erased_below bigint not null default 0;
