package dev.dlm.opencl.source;

import dev.dlm.plan.Step;

/** {@link dev.dlm.op.random.RandomBits}: the words of {@link dev.dlm.op.random.Philox}. */
final class RandomBitsCode {
  private RandomBitsCode() {}

  private static final String PHILOX =
      """
      int philox(ulong key, ulong counter, ulong index) {
        ulong block = index >> 2;
        uint c0 = (uint)block, c1 = (uint)(block >> 32);
        uint c2 = (uint)counter, c3 = (uint)(counter >> 32);
        uint k0 = (uint)key, k1 = (uint)(key >> 32);
        for (int round = 0; round < 10; round++) {
          ulong product0 = 0xD2511F53ul * c0;
          ulong product1 = 0xCD9E8D57ul * c2;
          c0 = (uint)(product1 >> 32) ^ c1 ^ k0;
          c1 = (uint)product1;
          c2 = (uint)(product0 >> 32) ^ c3 ^ k1;
          c3 = (uint)product0;
          k0 += 0x9E3779B9u;
          k1 += 0xBB67AE85u;
        }
        uint word = (uint)index & 3;
        return (int)(word == 0 ? c0 : word == 1 ? c1 : word == 2 ? c2 : c3);
      }
      """;

  static StepCode of(Step step) {
    return ElementwiseCode.of(
        step,
        "random_bits",
        (writer, _) -> {
          writer.function(PHILOX);
          writer.store(
              step.reads().size(),
              "element",
              "philox((ulong)"
                  + writer.load(0, "0")
                  + ", (ulong)"
                  + writer.load(1, "0")
                  + ", (ulong)element)");
        });
  }
}
