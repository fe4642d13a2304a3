package dev.dlm.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A module of the build, with the modules its classes may use and the least number of classes it is
 * known to hold.
 *
 * <p>A class belongs to the module whose build output it was read from, not to one its package name
 * suggests.
 */
enum Module {
  GRAPH_IR("graph-ir", 120),
  COMPILER("compiler", 25, GRAPH_IR),
  RUNTIME("runtime", 6, GRAPH_IR),
  KERNELS_CPU("kernels-cpu", 1, GRAPH_IR, RUNTIME),
  KERNELS_OPENCL("kernels-opencl", 1, GRAPH_IR, RUNTIME),
  DSL("dsl", 1, GRAPH_IR),
  TRAINING("training", 30, GRAPH_IR, RUNTIME),
  CLI("cli", 40, GRAPH_IR, COMPILER, RUNTIME, KERNELS_CPU, KERNELS_OPENCL, DSL, TRAINING),
  SAMPLES(
      "samples", 4, GRAPH_IR, COMPILER, RUNTIME, KERNELS_CPU, KERNELS_OPENCL, DSL, TRAINING, CLI),
  BENCHMARKS("benchmarks", 40, GRAPH_IR, COMPILER, RUNTIME, KERNELS_CPU, DSL, CLI);

  private final String folder;
  private final int leastClassCount;
  private final Set<Module> mayUse;

  Module(String folder, int leastClassCount, Module... mayUse) {
    this.folder = folder;
    this.leastClassCount = leastClassCount;
    this.mayUse = Set.of(mayUse);
  }

  int leastClassCount() {
    return leastClassCount;
  }

  /** Classes of this module. */
  DescribedPredicate<JavaClass> classes() {
    return in(this);
  }

  /** Classes of other modules that this one may not use. */
  DescribedPredicate<JavaClass> forbidden() {
    Module[] others =
        Stream.of(values())
            .filter(other -> other != this && !mayUse.contains(other))
            .toArray(Module[]::new);
    return in(others);
  }

  /** Classes of any of the given modules. */
  static DescribedPredicate<JavaClass> in(Module... modules) {
    List<String> folders =
        Arrays.stream(modules).map(module -> "/" + module.folder + "/target/").toList();
    String names =
        Arrays.stream(modules).map(module -> module.folder).collect(Collectors.joining(", "));
    return describe(
        "are in module " + names,
        type ->
            type.getSource()
                .map(source -> source.getUri().toString())
                .filter(uri -> folders.stream().anyMatch(uri::contains))
                .isPresent());
  }

  /** Classes of all modules but the given ones. */
  static DescribedPredicate<JavaClass> outside(Module... modules) {
    List<Module> excluded = List.of(modules);
    return in(
        Stream.of(values()).filter(module -> !excluded.contains(module)).toArray(Module[]::new));
  }
}
