package dev.dlm.proto;

import dev.dlm.diagnostic.GraphException;
import dev.dlm.ir.GraphInvariants;
import dev.dlm.ir.Guard;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.Variable;
import dev.dlm.op.CompositeOp;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.CompositeKernel;
import dev.dlm.plan.CondKernel;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.LoopKernel;
import dev.dlm.plan.OpKernel;
import dev.dlm.plan.Plan;
import dev.dlm.plan.PlanInvariants;
import dev.dlm.plan.Program;
import dev.dlm.plan.ScanKernel;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.plan.WhileKernel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plans as bytes of the form {@code dlm.v1.PlanFile}. Equal plans give equal bytes. Thread-safe.
 *
 * <p>Decoding is part of a service's start, so it loads none of the generated classes ({@code
 * WireMessage}), and goes by loops: each lambda would cost a class that the JVM makes while it
 * runs.
 */
public final class PlanCodec {
  private static final int[] STORAGES = {
    WireMessage.delimited(PlanMessages.Buffer.ARENA_OFFSET_BYTES_FIELD_NUMBER),
    WireMessage.delimited(PlanMessages.Buffer.VARIABLE_FIELD_NUMBER),
    WireMessage.varint(PlanMessages.Buffer.CONSTANT_FIELD_NUMBER)
  };

  private static final int[] KERNELS = {
    WireMessage.delimited(PlanMessages.Step.LOOP_FIELD_NUMBER),
    WireMessage.delimited(PlanMessages.Step.OP_FIELD_NUMBER),
    WireMessage.delimited(PlanMessages.Step.SCAN_FIELD_NUMBER),
    WireMessage.delimited(PlanMessages.Step.LOOP_WHILE_FIELD_NUMBER),
    WireMessage.delimited(PlanMessages.Step.COND_FIELD_NUMBER),
    WireMessage.delimited(PlanMessages.Step.COMPOSITE_FIELD_NUMBER)
  };

  private PlanCodec() {}

  /** The bytes of a plan. */
  public static byte[] encode(Plan plan) {
    LocationEncoder locations = new LocationEncoder();
    PlanMessages.Plan.Builder message = PlanMessages.Plan.newBuilder().setName(plan.name());
    plan.variables()
        .forEach(variable -> message.addVariables(GraphCodec.encode(variable, locations)));
    plan.programs().forEach(program -> message.addPrograms(encode(program, locations)));
    return PlanMessages.PlanFile.newBuilder()
        .setVersion(Malformed.VERSION)
        .setPlan(message)
        .addAllLocations(locations.table())
        .build()
        .toByteArray();
  }

  /**
   * The plan of the given bytes, with all its references checked.
   *
   * @throws GraphException with code {@code bytes-invalid}, {@code bytes-version}, {@code
   *     unknown-op} or {@code graph-invalid}
   */
  public static Plan decode(byte[] bytes) {
    WireMessage file = WireMessage.of(bytes);
    Malformed.checkVersion(file.uint32(PlanMessages.PlanFile.VERSION_FIELD_NUMBER));
    LocationDecoder locations =
        new LocationDecoder(file.messages(PlanMessages.PlanFile.LOCATIONS_FIELD_NUMBER));
    WireMessage message = file.message(PlanMessages.PlanFile.PLAN_FIELD_NUMBER);
    List<Variable> variables =
        GraphCodec.decodeVariables(
            message.messages(PlanMessages.Plan.VARIABLES_FIELD_NUMBER), locations);
    List<Program> programs = new ArrayList<>();
    for (WireMessage program : message.messages(PlanMessages.Plan.PROGRAMS_FIELD_NUMBER)) {
      programs.add(decodeProgram(program, locations, 0));
    }
    Plan plan = new Plan(message.string(PlanMessages.Plan.NAME_FIELD_NUMBER), variables, programs);
    Optional<PlanInvariants.Violation> violation = PlanInvariants.findViolation(plan);
    if (violation.isPresent()) {
      throw Malformed.unsound(violation.get().message(), violation.get().location());
    }
    return plan;
  }

  private static PlanMessages.Program encode(Program program, LocationEncoder locations) {
    PlanMessages.Program.Builder message =
        PlanMessages.Program.newBuilder()
            .setName(program.name())
            .setArenaBytes(TypeCodec.encode(program.arenaBytes()));
    program.inputs().forEach(port -> message.addInputs(encode(port)));
    program.outputs().forEach(port -> message.addOutputs(encode(port)));
    program.updates().forEach(port -> message.addUpdates(encode(port)));
    program.guards().forEach(guard -> message.addGuards(GraphCodec.encode(guard, locations)));
    program.constants().forEach(tensor -> message.addConstants(TypeCodec.encode(tensor)));
    program.buffers().forEach(buffer -> message.addBuffers(encode(buffer)));
    program.steps().forEach(step -> message.addSteps(encode(step, locations)));
    return message.build();
  }

  private static Program decodeProgram(WireMessage program, LocationDecoder locations, int depth) {
    if (depth > GraphInvariants.MAX_DEPTH) {
      throw Malformed.failure("a program is nested too deeply");
    }
    List<Guard> guards =
        GraphCodec.decodeGuards(
            program.messages(PlanMessages.Program.GUARDS_FIELD_NUMBER), locations);
    List<HostTensor> constants = new ArrayList<>();
    for (WireMessage one : program.messages(PlanMessages.Program.CONSTANTS_FIELD_NUMBER)) {
      constants.add(TypeCodec.decodeTensor(one));
    }
    List<Buffer> buffers = new ArrayList<>();
    for (WireMessage buffer : program.messages(PlanMessages.Program.BUFFERS_FIELD_NUMBER)) {
      buffers.add(decodeBuffer(buffer));
    }
    List<Step> steps = new ArrayList<>();
    for (WireMessage step : program.messages(PlanMessages.Program.STEPS_FIELD_NUMBER)) {
      steps.add(decodeStep(step, locations, depth));
    }
    return new Program(
        program.string(PlanMessages.Program.NAME_FIELD_NUMBER),
        decodePorts(program.messages(PlanMessages.Program.INPUTS_FIELD_NUMBER)),
        decodePorts(program.messages(PlanMessages.Program.OUTPUTS_FIELD_NUMBER)),
        decodePorts(program.messages(PlanMessages.Program.UPDATES_FIELD_NUMBER)),
        guards,
        constants,
        buffers,
        steps,
        TypeCodec.decodeDim(program.message(PlanMessages.Program.ARENA_BYTES_FIELD_NUMBER)));
  }

  private static PlanMessages.Port encode(Program.Port port) {
    return PlanMessages.Port.newBuilder().setName(port.name()).setView(encode(port.view())).build();
  }

  private static List<Program.Port> decodePorts(List<WireMessage> ports) {
    List<Program.Port> decoded = new ArrayList<>();
    for (WireMessage port : ports) {
      decoded.add(
          new Program.Port(
              port.string(PlanMessages.Port.NAME_FIELD_NUMBER),
              decodeView(port.message(PlanMessages.Port.VIEW_FIELD_NUMBER))));
    }
    return decoded;
  }

  private static PlanMessages.View encode(View view) {
    return PlanMessages.View.newBuilder()
        .setBuffer(view.buffer())
        .setType(TypeCodec.encode(view.type()))
        .build();
  }

  private static List<View> decodeViews(List<WireMessage> views) {
    List<View> decoded = new ArrayList<>();
    for (WireMessage view : views) {
      decoded.add(decodeView(view));
    }
    return decoded;
  }

  private static View decodeView(WireMessage view) {
    return new View(
        view.uint32(PlanMessages.View.BUFFER_FIELD_NUMBER),
        TypeCodec.decodeType(view.message(PlanMessages.View.TYPE_FIELD_NUMBER)));
  }

  private static PlanMessages.Buffer encode(Buffer buffer) {
    PlanMessages.Buffer.Builder message =
        PlanMessages.Buffer.newBuilder().setSizeBytes(TypeCodec.encode(buffer.sizeBytes()));
    switch (buffer.storage()) {
      case Storage.Arena arena ->
          message.setArenaOffsetBytes(TypeCodec.encode(arena.offsetBytes()));
      case Storage.OfVariable variable -> message.setVariable(variable.name());
      case Storage.Constant constant -> message.setConstant(constant.index());
    }
    return message.build();
  }

  private static Buffer decodeBuffer(WireMessage buffer) {
    int kind = buffer.lastOf(STORAGES);
    Storage storage =
        switch (kind) {
          case PlanMessages.Buffer.ARENA_OFFSET_BYTES_FIELD_NUMBER ->
              new Storage.Arena(TypeCodec.decodeDim(buffer.message(kind)));
          case PlanMessages.Buffer.VARIABLE_FIELD_NUMBER ->
              new Storage.OfVariable(buffer.string(kind));
          case PlanMessages.Buffer.CONSTANT_FIELD_NUMBER ->
              new Storage.Constant(buffer.uint32(kind));
          default -> throw Malformed.failure("a buffer without a place");
        };
    return new Buffer(
        TypeCodec.decodeDim(buffer.message(PlanMessages.Buffer.SIZE_BYTES_FIELD_NUMBER)), storage);
  }

  private static PlanMessages.Step encode(Step step, LocationEncoder locations) {
    PlanMessages.Step.Builder message =
        PlanMessages.Step.newBuilder().setLocation(locations.number(step.location()));
    step.reads().forEach(view -> message.addReads(encode(view)));
    step.writes().forEach(view -> message.addWrites(encode(view)));
    switch (step.kernel()) {
      case LoopKernel loop -> message.setLoop(KernelCodec.encode(loop));
      case OpKernel kernel -> {
        PlanMessages.OpKernel.Builder op = message.getOpBuilder();
        op.setOp(OpCodec.encode(kernel.op(), locations));
        kernel.epilogue().ifPresent(epilogue -> op.setEpilogue(KernelCodec.encode(epilogue)));
      }
      case CompositeKernel composite ->
          message
              .getCompositeBuilder()
              .setOp(OpCodec.encode(composite.op(), locations))
              .setExpansion(encode(composite.expansion(), locations));
      case ScanKernel scan ->
          message
              .getScanBuilder()
              .setBody(encode(scan.body(), locations))
              .setCarries(scan.carries())
              .setScanned(scan.scanned())
              .setLength(TypeCodec.encode(scan.length()))
              .setReverse(scan.reverse());
      case WhileKernel loop ->
          message
              .getLoopWhileBuilder()
              .setCondition(encode(loop.condition(), locations))
              .setBody(encode(loop.body(), locations))
              .setCarries(loop.carries())
              .setLimit(loop.limit());
      case CondKernel cond ->
          message
              .getCondBuilder()
              .setWhenTrue(encode(cond.whenTrue(), locations))
              .setWhenFalse(encode(cond.whenFalse(), locations));
    }
    return message.build();
  }

  private static Step decodeStep(WireMessage step, LocationDecoder locations, int depth) {
    return new Step(
        decodeKernel(step, locations, depth),
        decodeViews(step.messages(PlanMessages.Step.READS_FIELD_NUMBER)),
        decodeViews(step.messages(PlanMessages.Step.WRITES_FIELD_NUMBER)),
        locations.at(step.uint32(PlanMessages.Step.LOCATION_FIELD_NUMBER)));
  }

  private static Kernel decodeKernel(WireMessage step, LocationDecoder locations, int depth) {
    int kind = step.lastOf(KERNELS);
    WireMessage kernel = step.message(kind);
    return switch (kind) {
      case PlanMessages.Step.LOOP_FIELD_NUMBER -> KernelCodec.decode(kernel);
      case PlanMessages.Step.OP_FIELD_NUMBER ->
          new OpKernel(
              OpCodec.decode(kernel.message(PlanMessages.OpKernel.OP_FIELD_NUMBER), locations, 0),
              kernel.hasMessage(PlanMessages.OpKernel.EPILOGUE_FIELD_NUMBER)
                  ? Optional.of(
                      KernelCodec.decode(
                          kernel.message(PlanMessages.OpKernel.EPILOGUE_FIELD_NUMBER)))
                  : Optional.empty());
      case PlanMessages.Step.COMPOSITE_FIELD_NUMBER ->
          new CompositeKernel(
              decodeCompositeOp(
                  kernel.message(PlanMessages.CompositeKernel.OP_FIELD_NUMBER), locations),
              decodeProgram(
                  kernel.message(PlanMessages.CompositeKernel.EXPANSION_FIELD_NUMBER),
                  locations,
                  depth + 1));
      case PlanMessages.Step.SCAN_FIELD_NUMBER ->
          new ScanKernel(
              decodeProgram(
                  kernel.message(PlanMessages.ScanKernel.BODY_FIELD_NUMBER), locations, depth + 1),
              kernel.uint32(PlanMessages.ScanKernel.CARRIES_FIELD_NUMBER),
              kernel.uint32(PlanMessages.ScanKernel.SCANNED_FIELD_NUMBER),
              TypeCodec.decodeDim(kernel.message(PlanMessages.ScanKernel.LENGTH_FIELD_NUMBER)),
              kernel.bool(PlanMessages.ScanKernel.REVERSE_FIELD_NUMBER));
      case PlanMessages.Step.LOOP_WHILE_FIELD_NUMBER ->
          new WhileKernel(
              decodeProgram(
                  kernel.message(PlanMessages.WhileKernel.CONDITION_FIELD_NUMBER),
                  locations,
                  depth + 1),
              decodeProgram(
                  kernel.message(PlanMessages.WhileKernel.BODY_FIELD_NUMBER), locations, depth + 1),
              kernel.uint32(PlanMessages.WhileKernel.CARRIES_FIELD_NUMBER),
              kernel.sint64(PlanMessages.WhileKernel.LIMIT_FIELD_NUMBER));
      case PlanMessages.Step.COND_FIELD_NUMBER ->
          new CondKernel(
              decodeProgram(
                  kernel.message(PlanMessages.CondKernel.WHEN_TRUE_FIELD_NUMBER),
                  locations,
                  depth + 1),
              decodeProgram(
                  kernel.message(PlanMessages.CondKernel.WHEN_FALSE_FIELD_NUMBER),
                  locations,
                  depth + 1));
      default -> throw Malformed.failure("a step without a kernel");
    };
  }

  private static CompositeOp decodeCompositeOp(WireMessage op, LocationDecoder locations) {
    if (OpCodec.decode(op, locations, 0) instanceof CompositeOp composite) {
      return composite;
    }
    throw Malformed.failure(
        "'" + op.string(GraphMessages.Op.NAME_FIELD_NUMBER) + "' is no composite op");
  }
}
