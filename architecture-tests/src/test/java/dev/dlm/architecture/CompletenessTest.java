package dev.dlm.architecture;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dlm.compiler.Compiler;
import dev.dlm.compiler.Passes;
import dev.dlm.diagnostic.GraphException;
import dev.dlm.diagnostic.InternalException;
import dev.dlm.ir.Body;
import dev.dlm.ir.BodyBuilder;
import dev.dlm.ir.DType;
import dev.dlm.ir.Graph;
import dev.dlm.ir.GraphBuilder;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.SignatureBuilder;
import dev.dlm.ir.TensorType;
import dev.dlm.ir.Value;
import dev.dlm.op.EvalContext;
import dev.dlm.op.GradientContext;
import dev.dlm.op.Op;
import dev.dlm.op.OpRegistry;
import dev.dlm.proto.GraphCodec;
import dev.dlm.runtime.session.Session;
import dev.dlm.runtime.session.SessionOptions;
import dev.dlm.runtime.tensor.Tensor;
import dev.dlm.testing.OpCase;
import dev.dlm.testing.OpCases;
import dev.dlm.text.GraphParser;
import dev.dlm.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Each op that comes with the project has all that an op must have. A failure lists what each op
 * lacks.
 */
class CompletenessTest {
  private static final Pattern LABEL = Pattern.compile("\\(C(\\d+)\\)(?:–\\(C(\\d+)\\))?");

  /** The project's own ops; those of users answer for themselves. */
  private static List<Class<? extends Op>> ops() {
    List<Class<? extends Op>> ops = new ArrayList<>();
    for (Class<? extends Op> op : OpRegistry.instance().all().values()) {
      if (op.getPackageName().startsWith("dev.dlm.op.")) {
        ops.add(op);
      }
    }
    assertThat(ops).hasSizeGreaterThan(60);
    return ops;
  }

  private static List<OpCase> positiveCases(Class<? extends Op> op) {
    return OpCases.of(op).stream().filter(OpCase::isPositive).toList();
  }

  @Test
  void everyOp_isDocumentedWithFormulaConstraintsAndGradient() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Class<? extends Op> op : ops()) {
      String javadoc = javadoc(op);
      lack(missing, op, "a formula", !javadoc.contains("{@code") && !javadoc.contains("{@link"));
      lack(missing, op, "labelled constraints", labels(javadoc).isEmpty());
      String words = javadoc.replaceAll("[\\s*]+", " ");
      boolean speaks = words.contains("radient") || words.contains("ifferentia");
      lack(missing, op, "a word on its gradient", !speaks);
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyOp_hasCasesThatWorkAndOneThatViolatesEachConstraint() throws IOException {
    List<String> missing = new ArrayList<>();
    for (Class<? extends Op> op : ops()) {
      lack(missing, op, "a case that works", positiveCases(op).isEmpty());
      Set<String> untested = labels(javadoc(op));
      OpCases.of(op).forEach(one -> one.violated().ifPresent(untested::remove));
      lack(missing, op, "cases that violate " + untested, !untested.isEmpty());
    }
    assertThat(missing).isEmpty();
  }

  /** An op that is not evaluated itself must be replaced by the compiler. */
  @Test
  void everyOp_hasAReference() {
    List<String> missing = new ArrayList<>();
    Set<OpCase> evaluable = Set.copyOf(OpCases.evaluable());
    for (Class<? extends Op> op : ops()) {
      for (OpCase one : positiveCases(op)) {
        List<TensorType> types = results(one);
        if (evaluable.contains(one)) {
          List<HostTensor> values = one.op().evaluate(new EvalContext(one.arguments(1), types));
          lack(
              missing,
              op,
              "results of their types in " + one,
              !values.stream().map(HostTensor::type).toList().equals(types));
        } else {
          Graph compiled = Passes.standard().run(graph(List.of(one)));
          boolean stays =
              compiled.signatures().stream()
                  .flatMap(signature -> signature.body().nodes().stream())
                  .anyMatch(node -> op.isInstance(node.op()));
          lack(missing, op, "a reference evaluation", stays);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  /** Of what the compiler replaces, the replacement is differentiated. */
  @Test
  void everyOp_statesItsGradientForEachOperandOnce() {
    List<String> missing = new ArrayList<>();
    Set<OpCase> evaluable = Set.copyOf(OpCases.evaluable());
    for (Class<? extends Op> op : ops()) {
      for (OpCase one : positiveCases(op).stream().filter(evaluable::contains).toList()) {
        Statements statements = new Statements(one);
        try {
          one.op().differentiate(statements);
          lack(missing, op, statements.complaint() + " in " + one, !statements.isComplete());
        } catch (GraphException | InternalException e) {
          missing.add(op.getSimpleName() + " lacks a gradient rule for " + one + ": " + e);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void everyOp_isReadBackFromTextAndProtobuf() {
    List<String> missing = new ArrayList<>();
    for (Class<? extends Op> op : ops()) {
      Graph graph = graph(positiveCases(op));
      Graph fromText = GraphParser.parse(GraphPrinter.print(graph), "test.gir");
      lack(missing, op, "a text form that parses", !fromText.equals(graph));
      Graph fromBytes = GraphCodec.decode(GraphCodec.encode(graph));
      lack(missing, op, "a protobuf form that decodes", !fromBytes.equals(graph));
    }
    assertThat(missing).isEmpty();
  }

  /** All cases of an op as one model, compiled and run. */
  @Test
  void everyOp_runsOnTheCpuAsItsReferenceSays() {
    List<String> missing = new ArrayList<>();
    Set<OpCase> evaluable = Set.copyOf(OpCases.evaluable());
    for (Class<? extends Op> op : ops()) {
      List<OpCase> cases = positiveCases(op);
      try (Session session =
          Session.open(Compiler.compile(graph(cases)), SessionOptions.defaults())) {
        Map<String, Tensor> found = session.run(Graph.PREDICT, inputs(cases));
        for (int i = 0; i < cases.size(); i++) {
          OpCase one = cases.get(i);
          if (evaluable.contains(one)) {
            EvalContext context = new EvalContext(one.arguments(i), results(one));
            List<HostTensor> wanted = one.op().evaluate(context);
            for (int j = 0; j < wanted.size(); j++) {
              HostTensor actual = requireNonNull(found.get("y" + i + "." + j)).toHostTensor();
              lack(missing, op, "the right values in " + one, !areClose(actual, wanted.get(j)));
            }
          }
        }
      } catch (GraphException | InternalException e) {
        missing.add(op.getSimpleName() + " does not run on the cpu: " + e.getMessage());
      }
    }
    assertThat(missing).isEmpty();
  }

  private static void lack(
      List<String> missing, Class<? extends Op> op, String what, boolean isLacking) {
    if (isLacking) {
      missing.add(op.getSimpleName() + " lacks " + what);
    }
  }

  private static String javadoc(Class<? extends Op> op) throws IOException {
    String name = op.getName().replace('.', '/') + ".java";
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      Path source =
          modules
              .map(module -> module.resolve("src/main/java").resolve(name))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow(() -> new AssertionError("no source of " + op));
      String text = Files.readString(source);
      int declaration = text.indexOf("public record " + op.getSimpleName());
      int start = text.lastIndexOf("\n/**", declaration);
      return start < 0 ? "" : text.substring(start, declaration);
    }
  }

  private static Set<String> labels(String javadoc) {
    Set<String> labels = new TreeSet<>();
    Matcher matcher = LABEL.matcher(javadoc);
    while (matcher.find()) {
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      for (int label = first; label <= last; label++) {
        labels.add("C" + label);
      }
    }
    return labels;
  }

  private static List<TensorType> results(OpCase one) {
    BodyBuilder b = new BodyBuilder();
    List<Value> operands = one.operands().stream().map(b::parameter).toList();
    return b.apply(one.op(), operands).stream().map(Value::type).toList();
  }

  /** One signature that applies each case to inputs of its own. */
  private static Graph graph(List<OpCase> cases) {
    GraphBuilder graph = new GraphBuilder("cases");
    SignatureBuilder signature = graph.signature(Graph.PREDICT);
    for (int i = 0; i < cases.size(); i++) {
      List<Value> operands = new ArrayList<>();
      for (TensorType type : cases.get(i).operands()) {
        operands.add(signature.input("x" + i + "." + operands.size(), type));
      }
      List<Value> results = signature.body().apply(cases.get(i).op(), operands);
      for (int j = 0; j < results.size(); j++) {
        signature.output("y" + i + "." + j, results.get(j));
      }
    }
    return graph.build();
  }

  private static Map<String, Tensor> inputs(List<OpCase> cases) {
    Map<String, Tensor> inputs = new LinkedHashMap<>();
    for (int i = 0; i < cases.size(); i++) {
      List<HostTensor> arguments = cases.get(i).arguments(i);
      for (int j = 0; j < arguments.size(); j++) {
        inputs.put("x" + i + "." + j, Tensor.from(arguments.get(j)));
      }
    }
    return inputs;
  }

  /** The cases have at most some hundred terms of magnitude up to ten in one sum. */
  private static boolean areClose(HostTensor actual, HostTensor wanted) {
    double tolerance =
        switch (wanted.dtype()) {
          case F64 -> 0x1p-43;
          case F32 -> 0x1p-14;
          case F16 -> 0x1p-7;
          case BF16 -> 0x1p-4;
          case I64, I32, I8, U8, BOOL -> 0;
        };
    for (int i = 0; i < wanted.count(); i++) {
      double expected = wanted.doubleAt(i);
      double found = actual.doubleAt(i);
      boolean close = Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected));
      if (!close && Double.compare(found, expected) != 0) {
        return false;
      }
    }
    return true;
  }

  /** What a gradient rule says of each operand. */
  private static final class Statements implements GradientContext {
    private final BodyBuilder builder = new BodyBuilder();
    private final List<Value> operands;
    private final List<Value> results;
    private final List<Value> upstreams;
    private final Map<Integer, Integer> counts = new TreeMap<>();
    private final Set<Integer> ofOtherTypes = new TreeSet<>();

    Statements(OpCase one) {
      operands = one.operands().stream().map(builder::parameter).toList();
      results = builder.apply(one.op(), operands);
      upstreams = results.stream().map(result -> builder.parameter(result.type())).toList();
    }

    boolean isComplete() {
      return ofOtherTypes.isEmpty()
          && counts.size() == operands.size()
          && counts.values().stream().allMatch(count -> count == 1);
    }

    String complaint() {
      return "one gradient of its type for each operand: said so often "
          + counts
          + ", of other types "
          + ofOtherTypes;
    }

    private void count(int operand) {
      counts.merge(operand, 1, Integer::sum);
    }

    @Override
    public BodyBuilder builder() {
      return builder;
    }

    @Override
    public int count() {
      return operands.size();
    }

    @Override
    public Value in(int index) {
      return operands.get(index);
    }

    @Override
    public Value out(int index) {
      return results.get(index);
    }

    @Override
    public Value upstream(int index) {
      return upstreams.get(index);
    }

    /** Nobody asks for gradients of integers. */
    @Override
    public boolean isNeeded(int operand) {
      return in(operand).dtype().isFloat()
          && results.stream().map(Value::dtype).anyMatch(DType::isFloat);
    }

    @Override
    public void gradient(int operand, Supplier<Value> value) {
      count(operand);
      if (isNeeded(operand) && !value.get().type().equals(in(operand).type())) {
        ofOtherTypes.add(operand);
      }
    }

    @Override
    public void zero(int operand) {
      count(operand);
    }

    /** Says it for every operand; the nodes of the body have rules of their own. */
    @Override
    public void differentiateThrough(Body body) {
      for (int operand = 0; operand < count(); operand++) {
        count(operand);
      }
    }

    @Override
    public void notDifferentiable(int operand, String reason) {
      count(operand);
    }
  }
}
