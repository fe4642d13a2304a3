package dev.dlm.proto;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;

/** Reports bytes that hold no graph or plan. */
final class Malformed {
  /** The version that is written, and the only one that is read. */
  static final int VERSION = 1;

  private Malformed() {}

  /** The error that bytes do not hold what they should. */
  static GraphException failure(String message) {
    return new GraphException(
        Diagnostic.error("bytes-invalid", message, Location.UNKNOWN)
            .withHelp("the file is damaged or was made by another program; make it again"));
  }

  /** The error that bytes hold a graph or plan that is not sound. */
  static GraphException unsound(String message, Location location) {
    return new GraphException(Diagnostic.error("graph-invalid", message, location));
  }

  /** The error that bytes are no message of protobuf, or not one of the format. */
  static GraphException notOfForm(String reason) {
    return failure("the bytes are not of the form dlm.v1: " + reason);
  }

  static void checkVersion(int version) {
    if (version > VERSION) {
      throw new GraphException(
          Diagnostic.error(
                  "bytes-version",
                  "the format has version " + version + ", this program reads up to " + VERSION,
                  Location.UNKNOWN)
              .withHelp("use a newer dlm, or make the file again with this one"));
    }
    if (version < 1) {
      throw notOfForm("no version of the format is given");
    }
  }

  /** An index into a list, checked. */
  static int index(int index, int size, String what) {
    if (index < 0 || index >= size) {
      throw failure(what + " " + Integer.toUnsignedString(index) + " of " + size);
    }
    return index;
  }
}
