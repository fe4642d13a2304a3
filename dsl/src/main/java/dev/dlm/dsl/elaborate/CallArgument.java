package dev.dlm.dsl.elaborate;

import dev.dlm.dsl.syntax.Name;
import dev.dlm.dsl.syntax.Span;
import java.util.Optional;

/** An argument of a call: evaluated, and where it stands. */
record CallArgument(Optional<Name> name, Meaning value, Span span) {}
