/**
 * Where the time of a run goes: times of steps, traces, and events of the flight recorder. The
 * entry class is {@link dev.dlm.runtime.profile.Profile}.
 */
@NullMarked
package dev.dlm.runtime.profile;

import org.jspecify.annotations.NullMarked;
