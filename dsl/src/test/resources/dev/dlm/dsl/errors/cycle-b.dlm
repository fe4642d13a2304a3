import "cycle-c.dlm" as c
