/**
 * Running plans: variables on a device, bindings of sizes, calls from many threads. The entry class
 * is {@link dev.dlm.runtime.session.Session}.
 */
@NullMarked
package dev.dlm.runtime.session;

import org.jspecify.annotations.NullMarked;
