-- Who changed the tax brackets stands in the audit (accounts: 0010_audit.sql).

CREATE TRIGGER audit_changed AFTER INSERT OR DELETE OR UPDATE OF name, lower, upper, rate ON economy_taxbracket
  FOR EACH ROW EXECUTE FUNCTION audit_changed('id', 'name,lower,upper,rate', '', '');
