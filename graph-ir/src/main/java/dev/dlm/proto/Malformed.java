package dev.dlm.proto;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.Location;
import java.io.IOException;

/** Reads messages and reports bytes that are none. */
final class Malformed {
  /** The version that is written, and the only one that is read. */
  static final int VERSION = 1;

  private static final int MAX_MESSAGE_DEPTH = 1000;

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

  /** The message in the bytes. */
  static <T extends Message> T parse(Parser<T> parser, byte[] bytes) {
    try {
      CodedInputStream in = ByteString.copyFrom(bytes).newCodedInput();
      in.setRecursionLimit(MAX_MESSAGE_DEPTH);
      T message = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw failure("the bytes are not of the form dlm.v1: " + e.getMessage());
    } catch (IOException e) {
      throw failure("the bytes cannot be read: " + e.getMessage());
    }
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
      throw failure("the bytes are not of the form dlm.v1: no version of the format is given");
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
