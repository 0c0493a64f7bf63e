from icfscore.api.analyses import Sensitivity as Sensitivity
from icfscore.api.analyses import Uncertainty as Uncertainty
from icfscore.api.project import Project as Project
from icfscore.api.project import Result as Result
from icfscore.api.project import load as load
from icfscore.api.table import Table as Table
from icfscore.errors import IcfscoreError as IcfscoreError
from icfscore.errors import InputError as InputError

__version__: str
__all__: list[str]
