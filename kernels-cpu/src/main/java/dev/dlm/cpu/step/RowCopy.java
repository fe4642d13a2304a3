package dev.dlm.cpu.step;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies runs of elements of one length; positions count elements. Immutable. */
final class RowCopy {
  /** What one element or a short row is moved by. */
  private enum Unit {
    BYTE,
    SHORT,
    INT,
    LONG,
    BLOCK
  }

  private final int elementBytes;
  private final long rowBytes;
  private final Unit unit;

  private RowCopy(int elementBytes, long rowBytes) {
    this.elementBytes = elementBytes;
    this.rowBytes = rowBytes;
    this.unit =
        rowBytes == 1
            ? Unit.BYTE
            : rowBytes == 2
                ? Unit.SHORT
                : rowBytes == 4 ? Unit.INT : rowBytes == 8 ? Unit.LONG : Unit.BLOCK;
  }

  static RowCopy of(int elementBytes, long rowElements) {
    return new RowCopy(elementBytes, elementBytes * rowElements);
  }

  long rowBytes() {
    return rowBytes;
  }

  void copy(MemorySegment source, long from, MemorySegment target, long to) {
    long at = from * elementBytes;
    long into = to * elementBytes;
    switch (unit) {
      case BYTE -> target.set(ValueLayout.JAVA_BYTE, into, source.get(ValueLayout.JAVA_BYTE, at));
      case SHORT -> target.set(Elements.SHORT, into, source.get(Elements.SHORT, at));
      case INT -> target.set(Elements.INT, into, source.get(Elements.INT, at));
      case LONG -> target.set(Elements.LONG, into, source.get(Elements.LONG, at));
      case BLOCK -> MemorySegment.copy(source, at, target, into, rowBytes);
    }
  }
}
