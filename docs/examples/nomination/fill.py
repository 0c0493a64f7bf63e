# Made up: plays the colleague who fills in the workbook. / Hư cấu: đóng vai người điền sổ tính.
from openpyxl import load_workbook

WORDS = ("none", "plan", "pilot", "operating", "measured effect")
made_up = iter([3, 4, 2, 3, 3, 2, 3, 0, 3, 2, 2, 3, 1, 4, 3, 2, 3, 2, 3, 1, 2, 3, 2, 3, 2, 3])
book = load_workbook("questions.xlsx")
for factor in ("work", "innovate", "include", "engage", "sustain"):
    for row in book[factor].iter_rows(min_row=3):
        if row[2].value:  # a question
            answer = next(made_up)
            row[6].value = WORDS[answer] if "none" in row[4].value else answer
book.save("questions.xlsx")
