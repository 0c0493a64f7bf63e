"""The methods of the field as pure functions over arrays: numbers in, numbers out.

Every method is one frozen dataclass in the file of its stage. Its fields are the parameters that
YAML gives, ``kind`` is its name there, calling it applies it, and its docstring is its
documentation. Adding the class to the stage's union is all that a new method needs: validation,
``icfscore methods``, the documentation and the law tests follow from the union.

Arrays carry communities on axis -2 and indicators (or a node's children) on axis -1; any leading
axes are draws and broadcast. A missing value is NaN. Inputs are never changed.
"""
