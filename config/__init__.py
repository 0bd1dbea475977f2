"""The house that holds the five apps together: settings, routes, processes, and `lib`, the tools that know no app."""
