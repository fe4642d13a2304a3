package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.Location;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The calls that led to the code that runs: of layers and functions, innermost first.
 *
 * @param name what was called
 * @param place where the call stands
 * @param caller the calls that led to that place
 */
record CallChain(
    String name, Location.Source place, boolean fromLibrary, Optional<CallChain> caller) {

  /** The location of {@code place} in code that {@code chain} led to. */
  static Location locate(Location.Source place, Optional<CallChain> chain) {
    return chain
        .<Location>map(
            call -> new Location.Called(place, call.name, locate(call.place, call.caller)))
        .orElse(place);
  }

  int depth() {
    int depth = 1;
    for (Optional<CallChain> c = caller; c.isPresent(); c = c.get().caller) {
      depth++;
    }
    return depth;
  }

  /**
   * The diagnostic of a mistake at {@code place}: told where the user can mend it, which is the
   * innermost place outside of the library, with the calls that led there.
   */
  static Diagnostic error(
      String code,
      String message,
      Location.Source place,
      boolean inLibrary,
      Optional<CallChain> chain) {
    List<Diagnostic.Note> inner = new ArrayList<>();
    Location.Source told = place;
    boolean library = inLibrary;
    Optional<CallChain> rest = chain;
    String prefix = "";
    while (library && rest.isPresent()) {
      CallChain call = rest.get();
      if (inner.isEmpty()) {
        prefix = call.name + ": ";
      }
      inner.addFirst(new Diagnostic.Note("in " + call.name, told));
      told = call.place;
      library = call.fromLibrary;
      rest = call.caller;
    }
    Diagnostic diagnostic = Diagnostic.error(code, prefix + message, told);
    for (Diagnostic.Note note : inner) {
      diagnostic = diagnostic.note(note.message(), note.location());
    }
    for (; rest.isPresent(); rest = rest.get().caller) {
      diagnostic = diagnostic.note("in " + rest.get().name + ", used here", rest.get().place);
    }
    return diagnostic;
  }
}
