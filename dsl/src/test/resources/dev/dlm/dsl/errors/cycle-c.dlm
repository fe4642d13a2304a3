import "cycle.dlm" as a  // expected-error {{import-cycle: cycle.dlm imports itself through other files}} expected-note {{cycle-b.dlm is imported here}} expected-note {{cycle-c.dlm is imported here}}
