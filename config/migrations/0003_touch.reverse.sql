DROP FUNCTION civitas_touch();
