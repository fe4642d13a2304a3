package dev.dlm.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import dev.dlm.diagnostic.Location;
import dev.dlm.ir.DType;
import dev.dlm.ir.Dim;
import dev.dlm.ir.HostTensor;
import dev.dlm.ir.TensorType;
import dev.dlm.plan.Buffer;
import dev.dlm.plan.Kernel;
import dev.dlm.plan.Program;
import dev.dlm.plan.Step;
import dev.dlm.plan.Storage;
import dev.dlm.plan.View;
import dev.dlm.reference.Interpreter;
import dev.dlm.runtime.device.Availability;
import dev.dlm.runtime.device.Device;
import dev.dlm.runtime.device.DeviceMemory;
import dev.dlm.runtime.device.Executable;
import dev.dlm.runtime.device.Frame;
import dev.dlm.runtime.device.Sizes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;

/** Opens a device for tests and runs single steps on it. */
final class OpenClTesting {
  private OpenClTesting() {}

  /**
   * A device; where there is none the test is skipped, or fails if {@code DLM_REQUIRE_OPENCL} is 1.
   *
   * @param processor which kind of code to generate, whatever the device is
   */
  static OpenClDevice open(boolean processor) {
    Availability found = new OpenClDeviceProvider().probe();
    if (!found.isPresent() && "1".equals(System.getenv("DLM_REQUIRE_OPENCL"))) {
      fail("DLM_REQUIRE_OPENCL is 1, but " + found.reason());
    }
    Assumptions.assumeTrue(found.isPresent(), () -> "skipped, no OpenCL device: " + found.reason());
    return new OpenClDevice(FoundDevice.findAll().get(0), processor);
  }

  /** Runs one step whose operands all lie apart, and gives what it wrote. */
  static List<HostTensor> run(
      Device device, Kernel kernel, List<HostTensor> reads, List<TensorType> writes) {
    return run(device, kernel, reads, writes, false);
  }

  /**
   * Runs one step.
   *
   * @param inPlace whether the first write is the buffer of the first read
   */
  static List<HostTensor> run(
      Device device,
      Kernel kernel,
      List<HostTensor> reads,
      List<TensorType> writes,
      boolean inPlace) {
    Program program =
        program(kernel, reads.stream().map(HostTensor::type).toList(), writes, inPlace);
    return run(device.prepare(program), program, Map.of(), reads);
  }

  /** Runs a program of symbolic types for one binding of the symbols. */
  static List<HostTensor> run(
      Executable executable, Program program, Map<String, Long> symbols, List<HostTensor> reads) {
    Map<String, Dim> dims = new HashMap<>();
    symbols.forEach((name, size) -> dims.put(name, Dim.of(size)));
    try (Frame frame = executable.bind(Sizes.of(symbols), Map.of());
        Arena arena = Arena.ofConfined()) {
      for (int i = 0; i < reads.size(); i++) {
        frame.writeInput(i, memory(arena, reads.get(i)));
      }
      frame.run();
      List<HostTensor> results = new ArrayList<>();
      for (Program.Port port : program.outputs()) {
        TensorType type = port.view().type();
        results.add(output(frame, results.size(), type.withShape(type.shape().substitute(dims))));
      }
      return results;
    }
  }

  /** Runs a program with its variables on the device, as the interpreter runs a signature. */
  static Interpreter.Result run(
      Device device,
      Program program,
      Map<String, HostTensor> inputs,
      Map<String, HostTensor> variables) {
    Map<String, Long> symbols = new TreeMap<>();
    for (Program.Port port : program.inputs()) {
      List<Dim> dims = port.view().type().shape().dims();
      for (int axis = 0; axis < dims.size(); axis++) {
        for (String symbol : dims.get(axis).symbols()) {
          if (dims.get(axis).equals(Dim.symbol(symbol))) {
            symbols.put(symbol, required(inputs, port.name()).sizes()[axis]);
          }
        }
      }
    }
    Map<String, Dim> sizes = new HashMap<>();
    symbols.forEach((name, size) -> sizes.put(name, Dim.of(size)));
    Map<String, DeviceMemory> memories = new HashMap<>();
    try (Arena arena = Arena.ofConfined()) {
      variables.forEach((name, tensor) -> memories.put(name, device.adopt(memory(arena, tensor))));
      try (Frame frame = device.prepare(program).bind(Sizes.of(symbols), memories)) {
        for (int i = 0; i < program.inputs().size(); i++) {
          frame.writeInput(i, memory(arena, required(inputs, program.inputs().get(i).name())));
        }
        frame.run();
        Map<String, HostTensor> outputs = new LinkedHashMap<>();
        for (Program.Port port : program.outputs()) {
          TensorType type = port.view().type();
          outputs.put(
              port.name(),
              output(frame, outputs.size(), type.withShape(type.shape().substitute(sizes))));
        }
        Map<String, HostTensor> updates = new LinkedHashMap<>();
        for (Program.Port port : program.updates()) {
          TensorType type = port.view().type();
          MemorySegment segment = arena.allocate(Math.max(1, type.sizeBytes().asLong()));
          required(memories, port.name()).read(0, segment.asSlice(0, type.sizeBytes().asLong()));
          updates.put(port.name(), HostTensor.fromMemory(type, segment));
        }
        return new Interpreter.Result(outputs, updates);
      } finally {
        memories.values().forEach(DeviceMemory::close);
      }
    }
  }

  private static <T> T required(Map<String, T> map, String name) {
    T found = map.get(name);
    if (found == null) {
      throw new IllegalArgumentException("nothing is given for " + name);
    }
    return found;
  }

  static Program program(
      Kernel kernel, List<TensorType> reads, List<TensorType> writes, boolean inPlace) {
    List<Buffer> buffers = new ArrayList<>();
    List<View> readViews = new ArrayList<>();
    List<View> writeViews = new ArrayList<>();
    Dim offset = Dim.ZERO;
    for (TensorType type : reads) {
      readViews.add(new View(buffers.size(), type));
      buffers.add(new Buffer(type.sizeBytes(), new Storage.Arena(offset)));
      offset = offset.plus(type.sizeBytes().roundedUpTo(Program.ALIGNMENT));
    }
    for (TensorType type : writes) {
      if (inPlace && writeViews.isEmpty()) {
        writeViews.add(new View(0, type));
        continue;
      }
      writeViews.add(new View(buffers.size(), type));
      buffers.add(new Buffer(type.sizeBytes(), new Storage.Arena(offset)));
      offset = offset.plus(type.sizeBytes().roundedUpTo(Program.ALIGNMENT));
    }
    return new Program(
        "test",
        ports(readViews),
        ports(writeViews),
        List.of(),
        List.of(),
        List.of(),
        buffers,
        List.of(new Step(kernel, readViews, writeViews, Location.UNKNOWN)),
        offset);
  }

  private static List<Program.Port> ports(List<View> views) {
    List<Program.Port> ports = new ArrayList<>();
    for (View view : views) {
      ports.add(new Program.Port("port" + ports.size(), view));
    }
    return ports;
  }

  static MemorySegment memory(Arena arena, HostTensor tensor) {
    long sizeBytes = tensor.type().sizeBytes().asLong();
    MemorySegment segment = arena.allocate(Math.max(1, sizeBytes), Program.ALIGNMENT);
    tensor.toMemory(segment);
    return segment.asSlice(0, sizeBytes);
  }

  static HostTensor output(Frame frame, int index, TensorType type) {
    try (Arena arena = Arena.ofConfined()) {
      long sizeBytes = type.sizeBytes().asLong();
      MemorySegment segment =
          arena.allocate(Math.max(1, sizeBytes), Program.ALIGNMENT).asSlice(0, sizeBytes);
      frame.readOutput(index, segment);
      return HostTensor.fromMemory(type, segment);
    }
  }

  /** The distance between neighbouring numbers of a type at 1. */
  static double epsilon(DType dtype) {
    return switch (dtype) {
      case F64 -> 0x1p-52;
      case F32 -> 0x1p-23;
      case F16 -> 0x1p-10;
      case BF16 -> 0x1p-7;
      case I64, I32, I8, U8, BOOL -> 0;
    };
  }

  /**
   * Requires equal integers, and floating-point numbers that differ by at most {@code ulps} units
   * in the last place of the larger of the number and {@code scale}; zeros have equal signs where
   * {@code ulps} is 0.
   */
  static void assertClose(
      String what, HostTensor actual, HostTensor expected, double ulps, double scale) {
    assertThat(actual.type()).as(what).isEqualTo(expected.type());
    if (!expected.dtype().isFloat() || ulps == 0) {
      assertThat(actual).as(what).isEqualTo(expected);
      return;
    }
    for (int i = 0; i < expected.count(); i++) {
      double wanted = expected.doubleAt(i);
      double found = actual.doubleAt(i);
      double allowed = ulps * epsilon(expected.dtype()) * Math.max(Math.abs(wanted), scale);
      boolean close = Double.compare(found, wanted) == 0 || Math.abs(found - wanted) <= allowed;
      if (!close || Double.isNaN(found) != Double.isNaN(wanted)) {
        fail(what + ": element " + i + " is " + found + ", expected " + wanted + " ± " + allowed);
      }
    }
  }
}
