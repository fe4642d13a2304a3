package dev.dlm.opencl;

import dev.dlm.diagnostic.InternalException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_context;
import org.jocl.cl_device_id;
import org.jocl.cl_kernel;
import org.jocl.cl_program;

/** The compiled programs of a device by their text, each compiled once. Thread-safe. */
final class CompiledPrograms {
  private final cl_context context;
  private final FoundDevice found;
  private final String options;
  private final Map<String, cl_program> programs = new ConcurrentHashMap<>();

  CompiledPrograms(cl_context context, FoundDevice found) {
    this.context = context;
    this.found = found;
    this.options =
        "-cl-std=CL1.2 -w"
            + (found.roundsDivision() ? " -cl-fp32-correctly-rounded-divide-sqrt" : "");
  }

  /**
   * A new kernel, which belongs to the caller.
   *
   * @throws InternalException with the text as reproducer if it does not compile
   */
  cl_kernel kernel(String text, String name) {
    return CL.clCreateKernel(programs.computeIfAbsent(text, this::compile), name, null);
  }

  /** The number of programs compiled so far. */
  int count() {
    return programs.size();
  }

  private cl_program compile(String text) {
    cl_program program = CL.clCreateProgramWithSource(context, 1, new String[] {text}, null, null);
    try {
      CL.clBuildProgram(program, 1, new cl_device_id[] {found.id()}, options, null, null);
    } catch (CLException e) {
      String message =
          "generated OpenCL C does not compile on " + found.name() + "\n" + log(program);
      CL.clReleaseProgram(program);
      throw new InternalException(message, text, e);
    }
    return program;
  }

  private String log(cl_program program) {
    long[] size = new long[1];
    CL.clGetProgramBuildInfo(program, found.id(), CL.CL_PROGRAM_BUILD_LOG, 0, null, size);
    byte[] log = new byte[(int) size[0]];
    CL.clGetProgramBuildInfo(
        program, found.id(), CL.CL_PROGRAM_BUILD_LOG, log.length, Pointer.to(log), null);
    return new String(log, StandardCharsets.UTF_8).strip();
  }

  void close() {
    programs.values().forEach(CL::clReleaseProgram);
    programs.clear();
  }
}
