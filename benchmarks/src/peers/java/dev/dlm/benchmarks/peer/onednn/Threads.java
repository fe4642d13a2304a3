package dev.dlm.benchmarks.peer.onednn;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;

/** The threads of OpenMP, which oneDNN computes with and has no calls for. */
final class Threads {
  private Threads() {}

  /** Sets with how many threads the calling thread computes. */
  static void set(int threads) {
    Loader.load(dnnl.class);
    MemorySegment function = SymbolLookup.loaderLookup().findOrThrow("omp_set_num_threads");
    MethodHandle handle =
        Linker.nativeLinker()
            .downcallHandle(function, FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT));
    try {
      handle.invokeExact(threads);
    } catch (Throwable e) {
      throw new IllegalStateException("omp_set_num_threads throws nothing", e);
    }
  }
}
