package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Suggestion;
import java.util.Collection;
import java.util.Optional;

/** The help line that names what was likely meant. */
final class LikelyName {
  private LikelyName() {}

  /** The help line for {@code wrong}, if one of {@code known} is close to it. */
  static Optional<String> help(String wrong, Collection<String> known) {
    return Suggestion.closest(wrong, known).map(name -> "did you mean '" + name + "'?");
  }
}
