-- The tenant whose invitation the account was made with: its admins may hand out a link for a new password. Null for who
-- signed up, set the service up or signs in elsewhere: only the operator may.
alter table users add column
  made_in text;
