package dev.dlm.dsl.elaborate;

import dev.dlm.diagnostic.Diagnostic;
import dev.dlm.diagnostic.Location;
import dev.dlm.dsl.syntax.Span;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** A piece of code that runs: its names, where it was called from, and what it may do. */
final class Frame {
  /** What the code belongs to, which decides which statements it may hold. */
  enum Kind {
    FILE,
    MODEL,
    CONSTRUCTION,
    LAYER,
    INITIALIZER,
    OPTIMIZER,
    SCHEDULE,
    CLIP,
    FUNCTION,
    TEST
  }

  private final Run run;
  private final Module module;
  private final Kind kind;
  private final Scope scope;
  private final Owner owner;
  private final Optional<CallChain> chain;
  private final Set<String> declaredVariables;
  private final Optional<Roles> roles;
  private final Optional<InnerCode> inside;
  private Optional<Meaning> result = Optional.empty();
  private Optional<Span> returnSpan = Optional.empty();
  private Optional<Expectations> expectations = Optional.empty();
  private boolean failed;

  Frame(
      Run run,
      Module module,
      Kind kind,
      Scope scope,
      Owner owner,
      Optional<CallChain> chain,
      Optional<Roles> roles) {
    this.run = run;
    this.module = module;
    this.kind = kind;
    this.scope = scope;
    this.owner = owner;
    this.chain = chain;
    this.roles = roles;
    this.inside = Optional.empty();
    this.declaredVariables = new HashSet<>();
  }

  private Frame(Frame around, InnerCode inside) {
    this.run = around.run;
    this.module = around.module;
    this.kind = around.kind;
    this.scope = new Scope(around.scope);
    this.owner = around.owner;
    this.chain = around.chain;
    this.roles = Optional.empty();
    this.inside = Optional.of(inside);
    this.declaredVariables = around.declaredVariables;
  }

  /** The code between the braces of a scan, a loop or a branch in this code. */
  Frame inner(InnerCode inside) {
    return new Frame(this, inside);
  }

  /** The scan, loop or branch between whose braces this code stands. */
  Optional<InnerCode> inside() {
    return inside;
  }

  Frame(Run run, Module module, Kind kind, Scope scope, Owner owner, Optional<CallChain> chain) {
    this(run, module, kind, scope, owner, chain, Optional.empty());
  }

  Run run() {
    return run;
  }

  Module module() {
    return module;
  }

  Kind kind() {
    return kind;
  }

  Scope scope() {
    return scope;
  }

  Owner owner() {
    return owner;
  }

  Optional<CallChain> chain() {
    return chain;
  }

  /** What a model has declared; only code of a model has it. */
  Optional<Roles> roles() {
    return roles;
  }

  /** What a test expects; only code of a test has it. */
  Optional<Expectations> expectations() {
    return expectations;
  }

  void collectExpectations(Expectations into) {
    expectations = Optional.of(into);
  }

  /** What {@code return} gave, once it was reached. */
  Optional<Meaning> result() {
    return result;
  }

  /** Where the {@code return} that was reached stands. */
  Optional<Span> returnSpan() {
    return returnSpan;
  }

  void returns(Meaning value, Span span) {
    result = Optional.of(value);
    returnSpan = Optional.of(span);
  }

  /** Whether a statement of this code held a mistake. */
  boolean hasFailed() {
    return failed;
  }

  void fails() {
    failed = true;
  }

  /** Notes that the code declares a variable; false if it declared one of that name already. */
  boolean declaresVariable(String name) {
    return declaredVariables.add(name);
  }

  /** The chain for code that is called from {@code span}. */
  CallChain call(String name, Span span) {
    return new CallChain(name, span.in(module.file()), module.isLibrary(), chain);
  }

  /** The location of a node made at {@code span}. */
  Location locate(Span span) {
    return CallChain.locate(span.in(module.file()), chain);
  }

  /** The diagnostic of a mistake at {@code span}. */
  Diagnostic diagnostic(String code, String message, Span span) {
    return CallChain.error(code, message, span.in(module.file()), module.isLibrary(), chain);
  }

  Problem problem(String code, String message, Span span) {
    return Problem.of(diagnostic(code, message, span));
  }

  Problem problem(String code, String message, Span span, Optional<String> help) {
    Diagnostic diagnostic = diagnostic(code, message, span);
    return Problem.of(help.map(diagnostic::withHelp).orElse(diagnostic));
  }
}
