package dev.dlm.compiler.rematerialize;

/**
 * What {@link Rematerialize} did to a signature.
 *
 * @param bytesBefore the arena without it, at the sizes given
 * @param bytesAfter the arena with it
 * @param values how many values are computed a second time for their late uses
 * @param operations how many more operations on elements a run takes, at the sizes given
 */
public record RematerializationReport(
    String signature, long bytesBefore, long bytesAfter, int values, long operations) {

  /** For example {@code train: 1,204,224 bytes became 802,816 by computing 4 values again …}. */
  @Override
  public String toString() {
    return "%s: %,d bytes became %,d; %d values are computed again, with %,d operations"
        .formatted(signature, bytesBefore, bytesAfter, values, operations);
  }
}
