// RUN: mind-opt %s --convert-mind-to-linalg --split-input-file --verify-diagnostics

func.func @symbolic(%x: tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>> {
  // expected-error @+1 {{E1190: code for symbolic sizes is not supported yet}}
  %0 = mind.group (%a = %x : tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>> {
    %1 = mind.exp %a : (tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>>
    mind.yield %1 : tensor<?xf32, #mind.dims<["B"]>>
  }
  return %0 : tensor<?xf32, #mind.dims<["B"]>>
}

// -----

func.func @identity(%x: tensor<?xf32, #mind.dims<["B"]>>) -> tensor<?xf32, #mind.dims<["B"]>> {
  // expected-error @+1 {{E1190: code for symbolic sizes is not supported yet}}
  return %x : tensor<?xf32, #mind.dims<["B"]>>
}
