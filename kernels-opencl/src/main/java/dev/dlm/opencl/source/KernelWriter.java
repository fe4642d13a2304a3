package dev.dlm.opencl.source;

import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.plan.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Collects the lines of a kernel's body and the operands and sizes that they use. Equal structures
 * give equal texts: names follow from the order of use.
 */
final class KernelWriter {
  /** Constants up to this magnitude are part of the structure: window sizes, strides of one. */
  private static final long LARGEST_LITERAL = 8;

  private final Step step;
  private final StringBuilder body = new StringBuilder();
  private final StringBuilder functions = new StringBuilder();
  private final Map<Integer, DType> operands = new LinkedHashMap<>();
  private final Map<Dim, String> sizes = new LinkedHashMap<>();
  private String attribute = "";
  private boolean usesDouble;

  KernelWriter(Step step) {
    this.step = step;
  }

  Step step() {
    return step;
  }

  /** Appends a line. */
  void line(String text) {
    body.append("  ").append(text).append('\n');
  }

  /** Appends text before the kernel. */
  void function(String text) {
    functions.append(text);
  }

  /** Says that work groups have exactly the given size. */
  void groupSize(int... sizes) {
    List<String> three = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      three.add(Integer.toString(i < sizes.length ? sizes[i] : 1));
    }
    attribute = "__attribute__((reqd_work_group_size(" + String.join(", ", three) + ")))\n";
  }

  /** The expression of a size. */
  String size(Dim dim) {
    if (dim.isConstant() && Math.abs(dim.asLong()) <= LARGEST_LITERAL) {
      return dim.asLong() < 0 ? "(" + dim.asLong() + ")" : Long.toString(dim.asLong());
    }
    return sizes.computeIfAbsent(dim, _ -> "n" + sizes.size());
  }

  /** The expression of {@code Σ coefficients[i] * variables[i]} and a constant. */
  String linear(Dim constant, List<Dim> coefficients, List<String> variables) {
    List<String> terms = new ArrayList<>();
    if (!constant.is(0)) {
      terms.add(size(constant));
    }
    for (int i = 0; i < coefficients.size(); i++) {
      if (coefficients.get(i).is(1)) {
        terms.add(variables.get(i));
      } else if (!coefficients.get(i).is(0)) {
        terms.add(variables.get(i) + " * " + size(coefficients.get(i)));
      }
    }
    return terms.isEmpty()
        ? "0"
        : terms.size() == 1 ? terms.get(0) : "(" + String.join(" + ", terms) + ")";
  }

  /** The name of the pointer to an operand's first element. */
  String pointer(int operand) {
    operands.computeIfAbsent(
        operand,
        number -> {
          DType dtype = step.operand(number).type().dtype();
          uses(dtype);
          return dtype;
        });
    return "p" + operand;
  }

  /** The expression of an operand's element. */
  String load(int operand, String position) {
    return ElementCode.load(step.operand(operand).type().dtype(), pointer(operand), position);
  }

  /** Appends the store of a value of the operand's type. */
  void store(int operand, String position, String value) {
    line(
        pointer(operand)
            + "["
            + position
            + "] = "
            + ElementCode.stored(step.operand(operand).type().dtype(), value)
            + ";");
  }

  /** Notes that values of a type occur. */
  void uses(DType dtype) {
    usesDouble |= dtype == DType.F64;
  }

  /**
   * Appends the coordinates of a position in a row-major space of the given sizes, as variables
   * {@code name0}, {@code name1}, …
   *
   * @return the names of the coordinates
   */
  List<String> coordinates(String position, String name, List<Dim> space) {
    List<String> names = new ArrayList<>();
    for (int axis = 0; axis < space.size(); axis++) {
      names.add(name + axis);
    }
    String rest = position;
    for (int axis = space.size() - 1; axis > 0; axis--) {
      String size = size(space.get(axis));
      String quotient = name + "_over" + axis;
      line("INDEX " + quotient + " = " + rest + " / " + size + ";");
      line("INDEX " + name + axis + " = " + rest + " - " + quotient + " * " + size + ";");
      rest = quotient;
    }
    if (!space.isEmpty()) {
      line("INDEX " + name + "0 = " + rest + ";");
    }
    return names;
  }

  /** The kernel. */
  KernelCode build(String name) {
    List<String> parameters = new ArrayList<>();
    StringBuilder pointers = new StringBuilder();
    operands.forEach((operand, dtype) -> {
      String type = "__global " + ElementCode.memoryType(dtype) + " *";
      parameters.add("__global uchar *m" + operand + ", ulong o" + operand);
      pointers
          .append("  " + type + "p" + operand)
          .append(" = (" + type + ")(m" + operand + " + o" + operand + ");\n");
    });
    sizes.values().forEach(size -> parameters.add("INDEX " + size));
    String text =
        Prelude.text(usesDouble)
            + functions
            + "__kernel "
            + attribute
            + "void "
            + name
            + parameters.stream().collect(Collectors.joining(", ", "(", ")"))
            + " {\n"
            + pointers
            + body
            + "}\n";
    return new KernelCode(name, text, List.copyOf(operands.keySet()), List.copyOf(sizes.keySet()));
  }
}
